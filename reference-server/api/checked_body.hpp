// Takes a call's body through its checks: media type 415, JSON 400, field 422.
#pragma once

#include "reference-server/api/call.hpp"
#include "reference-server/api/request_body.hpp"

#include <optional>
#include <string>

namespace api {

// Answers the call with 415 when its Content-Type is not application/json; then false.
bool check_media_type(call& asked);

// Answers the call with what is wrong about its body.
void refuse_body(call& asked, const body_refusal& refusal);

// What `parse` makes of the body; nothing when the call was answered with a refusal.
template <class Parse>
std::optional<std::string> checked_body(call& asked, Parse parse) {
  if (!check_media_type(asked)) {
    return std::nullopt;
  }
  auto parsed = parse(asked.asked.request().body);
  if (!parsed) {
    refuse_body(asked, parsed.error());
    return std::nullopt;
  }
  return *std::move(parsed);
}

}  // namespace api

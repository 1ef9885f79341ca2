// One REST request on its way through the api: the exchange, who asks, and the ids of its path. Moved along, never
// copied; whoever holds it answers it.
#pragma once

#include "reference-server/http/exchange.hpp"

#include <cstdint>
#include <string>

namespace api {

struct call {
  http::exchange asked;
  std::string user;          // from the token
  std::int64_t chat = 0;     // {chat} of the path
  std::int64_t message = 0;  // {message} of the path
  std::uint32_t label = 0;   // of its answers, for request_counts

  void answer(http::response&& answer) {
    answer.label = label;
    asked.answer(std::move(answer));
  }
  void refuse(unsigned status, std::string_view detail) { answer(http::problem(status, detail)); }
  void not_found() { refuse(404, "there is no such resource"); }
  // 503: certainly not carried out, worth another try.
  void unavailable(std::string_view detail) {
    http::response busy = http::problem(503, detail);
    busy.headers = "Retry-After: 1\r\n";
    answer(std::move(busy));
  }
};

}  // namespace api

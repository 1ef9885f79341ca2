#include "conformance/cases/expected_status.hpp"

#include "conformance/cases/stage.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace conformance {

namespace {

expected_status declared_or(const std::vector<int>& declared, expected_status usual) {
  if (declared.empty()) return usual;
  return {.words = fmt::format("{}, as the target file says", fmt::join(declared, " or ")),
          .accepted = declared,
          .literal = usual.literal};
}

const client::error_rules& declared_errors() {
  return stage::of_worker().target().errors;
}

}  // namespace

expected_status created() {
  return {.words = "a success (2xx)", .accepted = {}, .literal = 201};
}
expected_status success() {
  return {.words = "a success (2xx)", .accepted = {}, .literal = 200};
}
expected_status no_session() {
  return declared_or(declared_errors().no_session, {.words = "401 or 403", .accepted = {401, 403}, .literal = 401});
}
expected_status not_a_member() {
  return declared_or(declared_errors().stranger, {.words = "403 or 404", .accepted = {403, 404}, .literal = 404});
}

expected_status no_such_chat() {
  return declared_or(declared_errors().missing,
                     {.words = "404 (or 400, 403, 410, 422)", .accepted = {404, 400, 403, 410, 422}, .literal = 404});
}

expected_status no_such_id() {
  auto out = no_such_chat();
  const auto input = bad_input();
  out.accepted.insert(out.accepted.end(), input.accepted.begin(), input.accepted.end());
  out.words += ", or a refusal of the input";
  out.literal = 0;
  return out;
}

expected_status bad_input() {
  static const std::vector<int> refusals = [] {
    std::vector<int> all;
    for (int status = 400; status < 500; ++status) {
      if (status != 401 && status != 403 && status != 404 && status != 429) all.push_back(status);
    }
    return all;
  }();
  return declared_or(
      declared_errors().bad_input,
      {.words = "a refusal of the input (4xx, but not 401, 403, 404 or 429)", .accepted = refusals, .literal = 0});
}

}  // namespace conformance

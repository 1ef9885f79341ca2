// libFuzzer target of the JSON bodies: what is taken is within the contract's bounds, and equal when written and read
// again.
#include "reference-server/api/request_body.hpp"
#include "reference-server/http/response.hpp"
#include "reference-server/token/user_id.hpp"

#include <boost/json/parse.hpp>

#include <cstdlib>
#include <string>

namespace {

void expect(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto body = api::parse_message_body(text)) {
    expect(!body->empty() && api::code_points(*body) <= 4096);
    expect(!api::is_blank(*body) && body->find('\0') == body->npos);
    std::string written = "{\"body\":";
    http::append_json_string(written, *body);
    const auto again = api::parse_message_body(written + "}");  // boost::json refuses what is not UTF-8
    expect(again.has_value() && *again == *body);
  } else {
    expect(body.error().status == 400 || (body.error().status == 422 && body.error().field == "body"));
  }
  if (const auto user = api::parse_user_field(text, "user")) {
    expect(token::is_user_id(*user) && user->size() <= 64);
  }
  return 0;
}

// One HTTP answer before it is written, and the error answers both processes give (RFC 9457).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace http {

struct response {
  unsigned status = 200;                               // 200..599
  std::string_view content_type = "application/json";  // has to outlive the answer: a literal; not sent with 204
  std::string headers = {};                            // further complete lines, each ended by CRLF
  std::string body = {};
  bool close = false;       // close the connection after this answer
  std::uint32_t label = 0;  // not sent: what the service wants to see again in answering()
};

// {"type", "title", "status", "detail", …}: application/problem+json. `type` is "about:blank" when empty, `members` is
// JSON text put behind the standard members, for example R"("errors":[…])".
response problem(unsigned status, std::string_view detail, std::string_view type = {}, std::string_view members = {});

std::string_view reason_of(unsigned status);

// `text` as a JSON string with its quotes, appended to `out`. `text` has to be UTF-8.
void append_json_string(std::string& out, std::string_view text);

// Appends the answer as bytes. `date` is the value of the Date field; `head` leaves the body out.
void append_response(std::string& out, const response& answer, std::string_view date, bool head, bool keep_alive);

}  // namespace http

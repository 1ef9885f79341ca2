// What clients may send as a body: a JSON object with one field that matters. Pure.
#pragma once

#include <boost/system/result.hpp>

#include <string>
#include <string_view>

namespace api {

// The answer to a bad body: 400 for what is no JSON object, 422 for a field that is missing or wrong.
struct body_refusal {
  unsigned status = 400;
  std::string field;  // 422 only
  std::string detail;
};
template <class T>
using body_result = boost::system::result<T, body_refusal>;

// {"body": text}: 1 to 4096 code points, not only white space, free of U+0000.
body_result<std::string> parse_message_body(std::string_view json);

// {"<field>": user id}.
body_result<std::string> parse_user_field(std::string_view json, std::string_view field);

// Nothing but Unicode White_Space. `text` has to be UTF-8.
bool is_blank(std::string_view text);
std::size_t code_points(std::string_view text);

}  // namespace api

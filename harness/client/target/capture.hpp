// What is taken from an answer or a frame into a variable. Plain data.
#pragma once

#include "harness/client/target/expression.hpp"
#include "harness/client/target/json_pointer.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace client {

struct capture {
  enum class source : std::uint8_t { pointer, cookie, header, regex };

  std::string name;  // of the variable
  source from = source::pointer;
  json_pointer at;                                       // pointer
  std::string text;                                      // name of the cookie or header; the expression as written
  std::shared_ptr<const client::expression> expression;  // its first group, or the whole match
};

using captures = std::vector<capture>;

}  // namespace client

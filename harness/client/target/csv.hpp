// Comma-separated values with a first line of names (RFC 4180: quotes, doubled quotes, line breaks inside of quotes).
// Pure.
#pragma once

#include "harness/client/target/problem.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace client {

struct table {
  std::vector<std::string> names;
  std::vector<std::vector<std::string>> rows;  // each as long as `names`
};

checked<table> parse_csv(std::string_view text);

}  // namespace client

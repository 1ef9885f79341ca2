// Puts one value into the text of a target file and leaves the rest of it as its owner wrote it: comments, order, line
// ends. Pure, any thread.
#pragma once

#include "harness/client/target/problem.hpp"

#include <string>
#include <string_view>

namespace client {

// The text with `key` ("delivery.echo") set to `value`, which is YAML on one line. A value that stands there is
// replaced in its place; a key that does not is added at the end of its nearest parent, in block style. What is read
// from the result differs from what is read from `yaml` by this one value, else nothing is given. Fails with a clause
// where the text would have to be laid out anew, as with a parent in flow style ("delivery stands in flow style, …").
checked<std::string> put_value(std::string_view yaml, std::string_view key, std::string_view value);

}  // namespace client

// A regular expression of a target file, looked for in what a server said. Immutable; any thread.
//
// Boost.Regex keeps its state on the heap and gives up on an expression that would search for ever; std::regex of
// libstdc++ recurses over the text, so that a page of 100 KB overflows the stack.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace client {

class expression {
 public:
  // ECMAScript, where '.' is no line's end, '^' and '$' are those of the text. Nothing when it is none, or nested
  // beyond measure.
  static std::shared_ptr<const expression> make(const std::string& text);

  // Its first group, or the whole match, in the first MiB of the text. Nothing also when the search took too long.
  std::optional<std::string> find(std::string_view text) const;

 private:
  struct compiled;
  explicit expression(std::shared_ptr<const compiled> made) : compiled_(std::move(made)) {}
  std::shared_ptr<const compiled> compiled_;
};

}  // namespace client

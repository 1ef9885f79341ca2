// A JSON Pointer (RFC 6901), taken apart once. Plain data, any thread.
#pragma once

#include "harness/client/target/problem.hpp"

#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace client {

class json_pointer {
 public:
  json_pointer() = default;  // the whole document

  // "" or "/a/0/b"; ~1 is a slash, ~0 a tilde.
  static checked<json_pointer> parse(std::string_view text);

  // What it points to, nothing when a step of the way is not there. In a list a step is an index.
  const boost::json::value* find(const boost::json::value& in) const noexcept;
  // Replaces what it points to; false when nothing is there.
  bool replace(boost::json::value& in, boost::json::value by) const;

  const std::string& text() const noexcept { return text_; }
  const std::vector<std::string>& steps() const noexcept { return steps_; }

  friend bool operator==(const json_pointer&, const json_pointer&) = default;

 private:
  std::string text_;
  std::vector<std::string> steps_;
};

// An id, a text or a number as text: text as it is, integers as their digits, true and false as words, objects and
// lists as JSON. Nothing for null.
std::optional<std::string> as_text(const boost::json::value& value);

}  // namespace client

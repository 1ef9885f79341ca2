// Keeps secrets out of what a person is shown of the wire: by value, wherever a known secret stands and however it is
// written there, and by name, where a header, a member of JSON, a field of a form or a query speaks of one. What is
// found becomes `***`. Owned by a visit, on its thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace client::doctor {

class mask {
 public:
  // A value shorter than this is not looked for: it would hit ordinary text.
  static constexpr std::size_t shortest = 4;

  // Also as it stands in URLs, forms, JSON and, at any place of a longer text, in base64.
  void add(std::string_view secret);
  // A header of which no value is shown, besides those that everybody knows.
  void add_header(std::string_view name);

  std::string text(std::string_view text) const;
  // Of cookies the names are shown, of a credential its scheme.
  std::string header(std::string_view name, std::string_view value) const;
  // The beginning of a text, at most `most` bytes, with what was cut off counted.
  std::string beginning(std::string_view text, std::size_t most) const;

 private:
  void add_form(std::string form);

  std::vector<std::string> forms_;    // the longest first, so that one inside another does not break it
  std::vector<std::string> headers_;  // lower case
};

}  // namespace client::doctor

// For tests only: reads the XML that reports write, and is strict about it. Elements, attributes, text and the five
// entities; no comments, CDATA or doctype, which are not written.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace reports::test {

struct xml_element {
  std::string name;
  std::map<std::string, std::string> attributes;
  std::string text;  // of its own, entities replaced
  std::vector<xml_element> children;

  /// All elements of that name, this one included.
  std::size_t count(std::string_view wanted) const;
  /// The first child with that name attribute.
  const xml_element* named(std::string_view name_attribute) const;
};

/// Nothing when the document is not well-formed.
std::optional<xml_element> parse_xml(std::string_view document);

}  // namespace reports::test

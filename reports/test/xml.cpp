#include "reports/test/xml.hpp"

#include <algorithm>
#include <cctype>

namespace reports::test {

namespace {

class reader {
 public:
  explicit reader(std::string_view rest) : rest_(rest) {}

  std::optional<xml_element> document() {
    constexpr std::string_view head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    if (!take(head)) return std::nullopt;
    auto root = element();
    take("\n");
    return rest_.empty() ? std::move(root) : std::nullopt;
  }

 private:
  bool take(std::string_view wanted) {
    if (!rest_.starts_with(wanted)) return false;
    rest_.remove_prefix(wanted.size());
    return true;
  }

  std::string name() {
    std::size_t size = 0;
    while (size < rest_.size() && (std::isalnum(static_cast<unsigned char>(rest_[size])) != 0 || rest_[size] == '-'))
      ++size;
    std::string out(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return out;
  }

  /// Up to one of the stops, entities replaced; nothing when a character may not stand there.
  std::optional<std::string> text_until(char stop) {
    std::string out;
    while (!rest_.empty() && rest_.front() != stop) {
      const char c = rest_.front();
      if (c == '<' || (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t')) return std::nullopt;
      if (c != '&') {
        out += c;
        rest_.remove_prefix(1);
      } else if (take("&amp;")) {
        out += '&';
      } else if (take("&lt;")) {
        out += '<';
      } else if (take("&gt;")) {
        out += '>';
      } else if (take("&quot;")) {
        out += '"';
      } else {
        return std::nullopt;
      }
    }
    return out;
  }

  std::optional<xml_element> element() {
    xml_element out;
    if (!take("<") || (out.name = name()).empty()) return std::nullopt;
    while (take(" ")) {
      const std::string key = name();
      if (key.empty() || !take("=\"") || out.attributes.contains(key)) return std::nullopt;
      auto value = text_until('"');
      if (!value || !take("\"")) return std::nullopt;
      out.attributes[key] = std::move(*value);
    }
    if (take("/>")) return out;
    if (!take(">")) return std::nullopt;
    while (true) {
      auto text = text_until('<');
      if (!text) return std::nullopt;
      out.text += *text;
      if (take("</")) break;
      auto child = element();
      if (!child) return std::nullopt;
      out.children.push_back(std::move(*child));
    }
    return name() == out.name && take(">") ? std::optional(std::move(out)) : std::nullopt;
  }

  std::string_view rest_;
};

}  // namespace

std::size_t xml_element::count(std::string_view wanted) const {
  std::size_t sum = name == wanted ? 1 : 0;
  for (const auto& child : children) sum += child.count(wanted);
  return sum;
}

const xml_element* xml_element::named(std::string_view name_attribute) const {
  const auto found = std::ranges::find_if(children, [&](const auto& child) {
    const auto attribute = child.attributes.find("name");
    return attribute != child.attributes.end() && attribute->second == name_attribute;
  });
  return found == children.end() ? nullptr : &*found;
}

std::optional<xml_element> parse_xml(std::string_view document) {
  return reader(document).document();
}

}  // namespace reports::test

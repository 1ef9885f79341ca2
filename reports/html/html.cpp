#include "reports/html/html.hpp"

#include "reports/html/page.hpp"
#include "reports/html/page_data.hpp"

#include <boost/json/serialize.hpp>

#include <stdexcept>

namespace reports {

namespace {

/// JSON in which no HTML parser finds anything: the same value, spelled without `<`, `>` and `&`.
std::string without_markup(std::string_view json) {
  std::string text;
  text.reserve(json.size() + json.size() / 16);
  for (const char c : json) {
    switch (c) {
      case '<':
        text += "\\u003c";
        break;
      case '>':
        text += "\\u003e";
        break;
      case '&':
        text += "\\u0026";
        break;
      default:
        text += c;
    }
  }
  return text;
}

}  // namespace

bool has_page() {
  return !page_template().empty();
}

std::optional<std::string> html(std::span<const run> runs) {
  if (!has_page()) return std::nullopt;
  return filled(page_template(), runs);
}

std::string filled(std::string_view page, std::span<const run> runs) {
  const auto place = page.find(page_data_mark);
  if (place == std::string_view::npos) throw std::logic_error("the page has no place for the data");
  std::string text(page.substr(0, place));
  text += without_markup(boost::json::serialize(page_data(runs)));
  text += page.substr(place + page_data_mark.size());
  return text;
}

}  // namespace reports

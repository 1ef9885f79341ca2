#include "harness/client/target/csv.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace client {

namespace {

// One record; false when a quote is not closed.
bool read_record(std::string_view& text, std::vector<std::string>& out) {
  out.assign(1, "");
  bool quoted = false;
  while (!text.empty()) {
    const char c = text.front();
    text.remove_prefix(1);
    if (quoted) {
      if (c != '"') {
        out.back() += c;
      } else if (text.starts_with('"')) {
        out.back() += c;
        text.remove_prefix(1);
      } else {
        quoted = false;
      }
    } else if (c == '"' && out.back().empty()) {
      quoted = true;
    } else if (c == ',') {
      out.emplace_back();
    } else if (c == '\n') {
      return true;
    } else if (c != '\r' || !text.starts_with('\n')) {
      out.back() += c;
    }
  }
  return !quoted;
}

}  // namespace

checked<table> parse_csv(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  table out;
  if (text.empty()) return reason{"is empty"};
  if (!read_record(text, out.names)) return reason{"has a quote that is not closed"};
  for (auto each = out.names.begin(); each != out.names.end(); ++each) {
    if (std::find(out.names.begin(), each, *each) != each) {
      return reason{fmt::format("has two columns with the name '{}'", *each)};
    }
  }
  while (!text.empty()) {
    std::vector<std::string> row;
    if (!read_record(text, row)) return reason{"has a quote that is not closed"};
    if (row.size() == 1 && row.front().empty()) continue;  // an empty line
    if (row.size() != out.names.size()) {
      return reason{
          fmt::format("has {} values in row {}, and {} columns", row.size(), out.rows.size() + 1, out.names.size())};
    }
    out.rows.push_back(std::move(row));
  }
  if (out.rows.empty()) return reason{"has no user below its line of names"};
  return out;
}

}  // namespace client

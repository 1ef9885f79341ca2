#include "harness/record/json_text.hpp"

#include <fmt/format.h>

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cmath>

namespace record {
namespace {

namespace json = boost::json;

std::string number(double value) {
  if (!std::isfinite(value)) {
    return "null";  // JSON has no word for it
  }
  const auto text = fmt::format("{}", value);
  return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
}

void write(std::string& out, const json::value& value, std::size_t depth);

void new_line(std::string& out, std::size_t depth) {
  out += '\n';
  out.append(2 * depth, ' ');
}

void write(std::string& out, const json::object& members, std::size_t depth) {
  if (members.empty()) {
    out += "{}";
    return;
  }
  out += '{';
  const char* separator = "";
  for (const auto& [key, value] : members) {
    out += separator;
    separator = ",";
    new_line(out, depth + 1);
    out += json::serialize(json::string(key)) + ": ";
    write(out, value, depth + 1);
  }
  new_line(out, depth);
  out += '}';
}

void write(std::string& out, const json::array& items, std::size_t depth) {
  const bool short_form =
      std::all_of(items.begin(), items.end(), [](const json::value& one) { return one.is_number(); });
  out += '[';
  const char* separator = "";
  for (const auto& item : items) {
    out += separator;
    separator = short_form ? ", " : ",";
    if (!short_form) {
      new_line(out, depth + 1);
    }
    write(out, item, depth + 1);
  }
  if (!short_form) {
    new_line(out, depth);
  }
  out += ']';
}

void write(std::string& out, const json::value& value, std::size_t depth) {
  if (value.is_object()) {
    write(out, value.get_object(), depth);
  } else if (value.is_array()) {
    write(out, value.get_array(), depth);
  } else if (value.is_double()) {
    out += number(value.get_double());
  } else {
    out += json::serialize(value);
  }
}

}  // namespace

std::string pretty(const json::value& value) {
  std::string out;
  write(out, value, 0);
  out += '\n';
  return out;
}

}  // namespace record

#include "harness/client/frames/frame.hpp"

#include "harness/client/user/long_numbers.hpp"

#include <boost/json/parse.hpp>

#include <utility>

namespace client::frames {

namespace {

namespace json = boost::json;

constexpr std::string_view blanks = " \t\r\n";

checked<json::value> parse(std::string_view text) {
  const std::string safe = quote_long_numbers(text);
  boost::system::error_code error;
  json::value out = json::parse(json::string_view(safe.data(), safe.size()), error);
  if (error) return reason{"it is not JSON (" + error.message() + ")"};
  return checked<json::value>(boost::system::in_place_value, std::move(out));
}

std::string_view trim(std::string_view text) {
  const auto begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

}  // namespace

checked<frame> read_raw(std::string_view text) {
  auto root = parse(text);
  if (!root) return root.error();
  frame out;
  out.root = std::move(*root);
  if (const json::object* object = out.root.if_object()) {
    const json::value* name = object->if_contains("event");
    if (name != nullptr && name->is_string()) out.event.assign(name->get_string().data(), name->get_string().size());
  }
  return checked<frame>(boost::system::in_place_value, std::move(out));
}

checked<json::value> read_arguments(std::string_view list) {
  auto all = parse(list);
  if (!all) return all.error();
  if (!all->is_array()) return reason{"it is not a list"};
  return all;
}

checked<frame> read_event_list(std::string_view list) {
  auto all = read_arguments(list);
  if (!all) return all.error();
  json::array& items = all->get_array();
  if (items.empty()) return reason{"an event without a name"};
  frame out;
  // Numbers are allowed as names; they are text here.
  if (items[0].is_string()) {
    out.event.assign(items[0].get_string().data(), items[0].get_string().size());
  } else if (items[0].is_int64()) {
    out.event = std::to_string(items[0].get_int64());
  } else {
    return reason{"an event without a name"};
  }
  items.erase(items.begin());
  if (items.size() == 1) {
    json::value only = std::move(items[0]);
    out.root = std::move(only);
  } else if (!items.empty()) {
    out.root = std::move(*all);
  }
  return checked<frame>(boost::system::in_place_value, std::move(out));
}

std::string as_raw(std::string_view list) {
  list = trim(list);
  if (list.size() < 4 || list.front() != '[' || list.back() != ']') return {};
  list = trim(list.substr(1, list.size() - 2));
  if (list.empty() || list.front() != '"') return {};
  std::size_t end = 1;
  while (end < list.size() && list[end] != '"') end += list[end] == '\\' ? 2 : 1;
  if (end >= list.size()) return {};
  const std::string_view name = list.substr(0, end + 1);
  std::string_view rest = trim(list.substr(end + 1));
  std::string out;
  out.reserve(list.size() + 24);
  out.append(R"({"event":)").append(name);
  if (!rest.empty()) {
    if (rest.front() != ',') return {};
    out.append(R"(,"data":)").append(rest.substr(1));
  }
  return out.append("}");
}

}  // namespace client::frames

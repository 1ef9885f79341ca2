// Walking a JSON text in search of a value that a pointer of the target file missed.
#include "harness/client/doctor/diagnosis.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <cctype>
#include <functional>
#include <utility>

namespace client::doctor {

namespace {

namespace json = boost::json;

constexpr std::size_t most = 3, deepest = 16;

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

// RFC 6901: ~ and / of a member's name.
std::string escaped(std::string_view name) {
  std::string out;
  for (const char c : name) out += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  return out;
}

using visitor = std::function<void(const std::string& pointer, std::string_view name, const json::value& scalar)>;

// Of a list the first item and those of another kind: the others look like it.
void each_scalar(const json::value& value, const std::string& pointer, std::string_view name, std::size_t depth,
                 const visitor& visit) {
  if (depth > deepest) return;
  if (const auto* object = value.if_object()) {
    for (const auto& [key, member] : *object) {
      each_scalar(member, pointer + "/" + escaped(key), key, depth + 1, visit);
    }
  } else if (const auto* list = value.if_array()) {
    for (std::size_t i = 0; i < list->size(); ++i) {
      if (i > 0 && (*list)[i].kind() == list->front().kind()) continue;
      each_scalar((*list)[i], pointer + "/" + std::to_string(i), name, depth + 1, visit);
    }
  } else if (!value.is_null()) {
    visit(pointer, name, value);
  }
}

std::vector<std::string> places(std::string_view text, const visitor& visit, std::vector<std::string>& found) {
  boost::system::error_code error;
  const json::value root = json::parse(text, error);
  if (!error) each_scalar(root, "", "", 0, visit);
  if (found.size() > most) found.resize(most);
  return found;
}

}  // namespace

std::vector<std::string> likely_pointers(std::string_view text, std::string_view wanted) {
  const std::string name = lower(wanted.substr(wanted.rfind('/') + 1));
  std::vector<std::string> same, like;
  const auto visit = [&](const std::string& pointer, std::string_view member, const json::value&) {
    const std::string here = lower(member);
    if (here == name) {
      same.push_back(pointer);
    } else if (!name.empty() &&
               (here.find(name) != std::string::npos || (!here.empty() && name.find(here) != std::string::npos))) {
      like.push_back(pointer);
    }
  };
  places(text, visit, same);
  same.insert(same.end(), like.begin(), like.end());
  if (same.size() > most) same.resize(most);
  return same;
}

std::vector<std::string> pointers_to(std::string_view text, std::string_view wanted) {
  std::vector<std::string> found;
  return places(
      text,
      [&](const std::string& pointer, std::string_view, const json::value& scalar) {
        const auto* string = scalar.if_string();
        if (string != nullptr && string->find(wanted) != json::string::npos) found.push_back(pointer);
      },
      found);
}

}  // namespace client::doctor

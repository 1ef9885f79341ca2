#include "harness/client/target/json_pointer.hpp"

#include "harness/client/target/values.hpp"

#include <boost/json/serialize.hpp>

#include <utility>

namespace client {

namespace json = boost::json;

checked<json_pointer> json_pointer::parse(std::string_view text) {
  json_pointer out;
  out.text_ = text;
  if (!text.empty() && text.front() != '/') return reason{"does not begin with a slash"};
  while (!text.empty()) {
    text.remove_prefix(1);
    std::string& step = out.steps_.emplace_back();
    const std::string_view written = text.substr(0, text.find('/'));
    for (std::size_t i = 0; i < written.size(); ++i) {
      if (written[i] != '~') {
        step += written[i];
        continue;
      }
      const char next = i + 1 < written.size() ? written[++i] : ' ';
      if (next != '0' && next != '1') return reason{"has a '~' that is neither ~0 nor ~1"};
      step += next == '0' ? '~' : '/';
    }
    text.remove_prefix(written.size());
  }
  return out;
}

const json::value* json_pointer::find(const json::value& in) const noexcept {
  const json::value* at = &in;
  for (const std::string& step : steps_) {
    if (const json::object* object = at->if_object()) {
      at = object->if_contains(json::string_view(step.data(), step.size()));
    } else if (const json::array* list = at->if_array()) {
      const auto index = parse_count(step);
      at = index && *index < list->size() ? &(*list)[static_cast<std::size_t>(*index)] : nullptr;
    } else {
      at = nullptr;
    }
    if (at == nullptr) return nullptr;
  }
  return at;
}

bool json_pointer::replace(json::value& in, json::value by) const {
  const json::value* found = find(in);
  if (found == nullptr) return false;
  *const_cast<json::value*>(found) = std::move(by);  // of `in`, which the caller lets us change
  return true;
}

std::optional<std::string> as_text(const json::value& value) {
  if (value.is_null()) return std::nullopt;
  if (const json::string* text = value.if_string()) return std::string(text->data(), text->size());
  if (const std::int64_t* number = value.if_int64()) return std::to_string(*number);
  if (const std::uint64_t* number = value.if_uint64()) return std::to_string(*number);
  if (value.is_bool()) return std::string(value.get_bool() ? "true" : "false");
  return json::serialize(value);
}

}  // namespace client

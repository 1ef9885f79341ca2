#include "reference-server/socketio/packet.hpp"

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <array>
#include <charconv>

namespace socketio {
namespace json = boost::json;

namespace {

// Names that the client's own library raises; as events of the other side they would deceive it.
constexpr std::array<std::string_view, 6> reserved = {"connect",       "connect_error", "disconnect",
                                                      "disconnecting", "newListener",   "removeListener"};

// Cuts decimal digits from the front; nothing when there are none or too many.
std::optional<std::uint64_t> cut_number(std::string_view& text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

bool starts_with_digit(std::string_view text) {
  return !text.empty() && text.front() >= '0' && text.front() <= '9';
}

bool placeholders_fit(const json::value& inside, std::size_t attachments) {
  if (const auto* array = inside.if_array()) {
    return std::all_of(array->begin(), array->end(),
                       [&](const json::value& v) { return placeholders_fit(v, attachments); });
  }
  const auto* object = inside.if_object();
  if (object == nullptr) return true;
  const auto* marked = object->if_contains("_placeholder");
  if (marked != nullptr && marked->is_bool() && marked->get_bool()) {
    const auto* number = object->if_contains("num");
    return number != nullptr && number->is_int64() && number->get_int64() >= 0 &&
           static_cast<std::uint64_t>(number->get_int64()) < attachments;
  }
  return std::all_of(object->begin(), object->end(),
                     [&](const auto& member) { return placeholders_fit(member.value(), attachments); });
}

bool is_event(const json::value& given) {
  const auto* array = given.if_array();
  if (array == nullptr || array->empty()) return false;
  const auto& name = array->front();
  if (name.is_number()) return true;
  return name.is_string() &&
         std::find(reserved.begin(), reserved.end(), std::string_view(name.get_string())) == reserved.end();
}

bool right_json(const packet& given) {
  if (given.json.empty()) return given.kind == packet_kind::connect || given.kind == packet_kind::disconnect;
  std::array<unsigned char, 2048> room;
  json::monotonic_resource memory(room.data(), room.size());
  boost::system::error_code failed;
  const auto value = json::parse(given.json, failed, &memory);
  if (failed) return false;
  switch (given.kind) {
    case packet_kind::connect:
      return value.is_object();
    case packet_kind::disconnect:
      return false;
    case packet_kind::connect_error:
      return value.is_object() || value.is_string();
    case packet_kind::event:
      return is_event(value);
    case packet_kind::ack:
      return value.is_array();
    case packet_kind::binary_event:
      return is_event(value) && placeholders_fit(value, given.attachments);
    case packet_kind::binary_ack:
      return value.is_array() && placeholders_fit(value, given.attachments);
  }
  return false;
}

}  // namespace

std::optional<packet> parse(std::string_view text) {
  if (text.empty() || text.front() < '0' || text.front() > '6') return std::nullopt;
  packet made;
  made.kind = static_cast<packet_kind>(text.front() - '0');
  text.remove_prefix(1);
  if (made.binary()) {
    const auto count = cut_number(text);
    if (!count || *count > most_attachments || !text.starts_with('-')) return std::nullopt;
    made.attachments = static_cast<std::size_t>(*count);
    text.remove_prefix(1);
  }
  if (text.starts_with('/')) {
    const auto end = std::min(text.find(','), text.size());
    made.name_space = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (starts_with_digit(text)) {
    made.id = cut_number(text);
    if (!made.id) return std::nullopt;
  }
  made.json = text;
  if (!right_json(made)) return std::nullopt;
  return made;
}

std::string encode(const packet& given) {
  std::string text(1, static_cast<char>('0' + static_cast<int>(given.kind)));
  if (given.binary()) text += std::to_string(given.attachments) + "-";
  if (given.name_space != "/") text.append(given.name_space) += ',';
  if (given.id) text += std::to_string(*given.id);
  return text.append(given.json);
}

std::string encode_connect(std::string_view name_space, std::string_view sid) {
  const std::string answer = R"({"sid":")" + std::string(sid) + "\"}";
  return encode({.kind = packet_kind::connect, .name_space = name_space, .json = answer});
}

std::string encode_connect_error(std::string_view name_space, std::string_view message, std::string_view data) {
  std::string reason = R"({"message":")" + std::string(message) + '"';
  if (!data.empty()) reason.append(R"(,"data":)").append(data);
  reason += '}';
  return encode({.kind = packet_kind::connect_error, .name_space = name_space, .json = reason});
}

event_parts split_event(std::string_view text) {
  constexpr std::string_view space = " \t\r\n";
  const auto start = text.find_first_not_of(space, text.find('[') + 1);
  auto end = start;
  if (text[start] == '"') {
    for (++end; text[end] != '"'; ++end) end += text[end] == '\\' ? 1 : 0;
    ++end;
  } else {
    end = text.find_first_of(" \t\r\n,]", start);
  }
  const auto comma = text.find_first_not_of(space, end);
  if (text[comma] == ']') return {text.substr(start, end - start), {}};
  return {text.substr(start, end - start), text.substr(comma + 1, text.rfind(']') - comma - 1)};
}

}  // namespace socketio

#include "harness/client/socketio/packet.hpp"

#include <charconv>

namespace client::socketio {

namespace {

constexpr std::uint32_t most_attachments = 1024;  // more than anybody sends, less than would be a burden

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Takes a number off the front; nothing when there is none or when it is too large.
template <class Number>
std::optional<Number> take_number(std::string_view& text) {
  Number value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

bool has_attachments(packet_type type) {
  return type == packet_type::binary_event || type == packet_type::binary_ack;
}

// A clause when the JSON cannot be what the type asks for.
const char* misfit(const packet& got) {
  const char first = got.json.empty() ? '\0' : got.json.front();
  switch (got.type) {
    case packet_type::connect:
      return first == '\0' || first == '{' ? nullptr : "a CONNECT holds no object";
    case packet_type::disconnect:
      return first == '\0' ? nullptr : "a DISCONNECT holds something";
    case packet_type::connect_error:
      // Older servers sent the message alone.
      return first == '{' || first == '"' ? nullptr : "a CONNECT_ERROR says nothing";
    case packet_type::event:
    case packet_type::binary_event:
      return first == '[' ? nullptr : "an EVENT holds no list";
    case packet_type::ack:
    case packet_type::binary_ack:
      if (!got.ack) return "an ACK without its number";
      return first == '[' ? nullptr : "an ACK holds no list";
  }
  return "no such packet type";
}

}  // namespace

checked<packet> read_packet(std::string_view text) {
  if (text.empty() || text.front() < '0' || text.front() > '6') return reason{"no such packet type"};
  packet out;
  out.type = static_cast<packet_type>(text.front() - '0');
  text.remove_prefix(1);
  if (has_attachments(out.type)) {
    const auto count = take_number<std::uint32_t>(text);
    if (!count || text.empty() || text.front() != '-') return reason{"no number of attachments"};
    if (*count > most_attachments) return reason{"too many attachments"};
    out.attachments = *count;
    text.remove_prefix(1);
  }
  if (!text.empty() && text.front() == '/') {
    const auto comma = text.find(',');
    out.name_space = text.substr(0, comma);
    text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
  }
  if (!text.empty() && is_digit(text.front())) {
    out.ack = take_number<std::uint64_t>(text);
    if (!out.ack) return reason{"an acknowledgement's number is too large"};
  }
  out.json = text;
  if (const char* why = misfit(out)) return reason{why};
  return out;
}

std::string write_packet(const packet& packet) {
  std::string out(1, static_cast<char>('0' + static_cast<int>(packet.type)));
  if (has_attachments(packet.type)) out.append(std::to_string(packet.attachments)).append("-");
  if (packet.name_space != "/" && !packet.name_space.empty()) out.append(packet.name_space).append(",");
  if (packet.ack) out += std::to_string(*packet.ack);
  out += packet.json;
  return out;
}

}  // namespace client::socketio

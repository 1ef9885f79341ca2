#include "harness/client/socketio/engine_packet.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <algorithm>

namespace client::socketio {

namespace {

namespace json = boost::json;

constexpr char separator = '\x1e';
// A day: longer is a mistake or a wish to overflow something.
constexpr std::int64_t most_milliseconds = 86'400'000;

// It is put into the query of every later request as it is.
bool fits_a_query(std::string_view sid) {
  const auto fits = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '_' ||
           c == '.' || c == '~' || c == '=' || c == ':' || c == '!' || c == '*' || c == '@' || c == '/';
  };
  return !sid.empty() && sid.size() <= 256 && std::all_of(sid.begin(), sid.end(), fits);
}

std::optional<std::int64_t> whole_number(const json::object& from, const char* name) {
  const json::value* value = from.if_contains(name);
  if (value == nullptr) return std::nullopt;
  if (const std::int64_t* number = value->if_int64()) return *number;
  // 25000.0 is the same number to the protocol's own clients.
  if (const double* real = value->if_double(); real != nullptr && *real >= 0 && *real <= 1e15) {
    return static_cast<std::int64_t>(*real);
  }
  return std::nullopt;
}

}  // namespace

std::optional<engine_packet> read_engine_packet(std::string_view text) noexcept {
  if (text.empty()) return std::nullopt;
  const char first = text.front();
  if (first == 'b') return engine_packet{engine_type::message, true, text.substr(1)};
  if (first < '0' || first > '6') return std::nullopt;
  return engine_packet{static_cast<engine_type>(first - '0'), false, text.substr(1)};
}

std::string write_engine_packet(engine_type type, std::string_view data) {
  std::string out;
  out.reserve(1 + data.size());
  out += static_cast<char>('0' + static_cast<int>(type));
  out += data;
  return out;
}

std::vector<std::string_view> split_payload(std::string_view body) {
  std::vector<std::string_view> out;
  for (;;) {
    const auto end = body.find(separator);
    out.push_back(body.substr(0, end));
    if (end == std::string_view::npos) return out;
    body.remove_prefix(end + 1);
  }
}

std::string take_payload(std::vector<std::string>& waiting, std::size_t most) {
  std::string out;
  std::size_t taken = 0;
  for (const std::string& packet : waiting) {
    if (taken > 0 && out.size() + 1 + packet.size() > most) break;
    if (taken++ > 0) out += separator;
    out += packet;
  }
  waiting.erase(waiting.begin(), waiting.begin() + static_cast<std::ptrdiff_t>(taken));
  return out;
}

checked<handshake> read_handshake(std::string_view text) {
  boost::system::error_code error;
  const json::value value = json::parse(json::string_view(text.data(), text.size()), error);
  if (error) return reason{"the handshake is not JSON"};
  const json::object* object = value.if_object();
  if (object == nullptr) return reason{"the handshake is not an object"};
  handshake out;
  const json::value* sid = object->if_contains("sid");
  if (sid == nullptr || !sid->is_string()) return reason{"the handshake has no sid"};
  out.sid.assign(sid->get_string().data(), sid->get_string().size());
  if (!fits_a_query(out.sid)) return reason{"the handshake's sid cannot stand in a query"};
  const json::value* upgrades = object->if_contains("upgrades");
  if (upgrades == nullptr || !upgrades->is_array()) return reason{"the handshake has no list of upgrades"};
  for (const json::value& each : upgrades->get_array()) {
    if (each.is_string() && each.get_string() == "websocket") out.offers_websocket = true;
  }
  const auto interval = whole_number(*object, "pingInterval");
  const auto timeout = whole_number(*object, "pingTimeout");
  if (!interval || *interval <= 0 || *interval > most_milliseconds) return reason{"the handshake has no pingInterval"};
  if (!timeout || *timeout <= 0 || *timeout > most_milliseconds) return reason{"the handshake has no pingTimeout"};
  out.ping_interval = std::chrono::milliseconds(*interval);
  out.ping_timeout = std::chrono::milliseconds(*timeout);
  if (const auto most = whole_number(*object, "maxPayload"); most && *most > 0) {
    out.max_payload = static_cast<std::size_t>(*most);
  }
  return out;
}

}  // namespace client::socketio

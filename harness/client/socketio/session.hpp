// A client's session of Engine.IO 4 with one namespace of Socket.IO 5, without I/O: packets in, what they mean and what
// has to be written out. It knows nothing of transports: whoever carries it hands in every packet in the order in which
// it came, from a poll or from a WebSocket. Owned by its carrier, any thread. It never begins anew.
#pragma once

#include "harness/client/socketio/engine_packet.hpp"
#include "harness/client/socketio/packet.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace client::socketio {

using time_point = std::chrono::steady_clock::time_point;  // as client::time_point, without Asio

struct session_options {
  std::string name_space = "/";
  std::string auth = {};  // a JSON object, sent with CONNECT; empty: none
};

// What a packet meant. Packets of other namespaces, answers that nobody waits for, and whatever the protocol's own
// clients pass over are `nothing`.
enum class step : std::uint8_t {
  nothing,
  opened,        // the handshake came: shaken() says more; CONNECT is ready to be written
  connected,     // the namespace was joined; `text` is the JSON that the server gave
  refused,       // CONNECT_ERROR; `text` is its JSON
  event,         // `text` is the list: name and arguments, attachments still as placeholders
  acknowledged,  // `text` is the list of the answer, `ack` its number
  left,          // the server put us out of the namespace
  closed,        // the server closes the session
  broken,        // the protocol was broken; `text` is a clause for people
};

struct happening {
  step what = step::nothing;
  std::string_view text = {};  // valid until the next call, or as long as the packet given
  std::optional<std::uint64_t> ack = {};
};

class session {
 public:
  explicit session(session_options options);

  // A text message of the WebSocket, or a piece of a payload.
  happening read(std::string_view packet, time_point now);
  // A binary message of the WebSocket: an attachment.
  happening read_attachment(time_point now);

  // Packets that wait to be written, in order; the carrier takes them away.
  std::vector<std::string>& outgoing() noexcept { return outgoing_; }
  // `list` is a JSON array, the name first.
  void emit(std::string_view list, std::optional<std::uint64_t> ack = {});
  void acknowledge(std::string_view list, std::uint64_t ack);
  // Leaves the namespace; the session goes on.
  void leave();

  bool is_open() const noexcept { return shaken_.has_value(); }
  bool is_connected() const noexcept { return connected_; }
  const std::optional<handshake>& shaken() const noexcept { return shaken_; }
  // From then on the server's silence is an end; never, before it has shaken hands.
  time_point silent_at() const noexcept;

 private:
  happening read_message(std::string_view text);
  happening meaning(const packet& got);
  happening on_connect(const packet& got);
  void queue(const packet& packet);

  session_options options_;
  std::optional<handshake> shaken_;
  time_point heard_{};         // the handshake or the last ping
  std::string held_;           // a packet that waits for its attachments
  std::uint32_t missing_ = 0;  // attachments that have not come
  std::vector<std::string> outgoing_;
  bool connected_ = false;
};

}  // namespace client::socketio

// What the frames of a socket mean, by the target file's description of them: frames in; messages, mentions, readiness
// and what has to be written out. It also walks through the handshake, and through the steps by which a chat is joined.
// No I/O, no clock. Owned by one chat_socket, on its thread; the description outlives it.
#pragma once

#include "harness/client/frames/frame.hpp"
#include "harness/client/target/socket_description.hpp"
#include "harness/client/target/variables.hpp"
#include "harness/client/user/message.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace client::frames {

// What one frame, or one thing that was done, came to. A frame that is none of it is noise.
struct outcome {
  std::vector<message> messages;
  bool mention = false;       // it mentions a message without delivering it
  bool became_ready = false;  // told once
  bool joined = false;        // a chat was joined by it
  bool refused = false;       // a step of the handshake or of a join was answered with a refusal
  std::vector<written> writes;
  std::string problem;  // a message that could not be read, a step that failed: a clause for people
};

// A chat that is to be joined: what templates know of it and of its other member.
struct joining {
  variables chat;
  std::optional<variables> peer;
};

// Nothing is described: the frames are the reference's, and client::read_event() is all it takes.
bool is_reference(const socket_description& described) noexcept;

class interpreter {
 public:
  // `own`: the user's variables; what the frames are captured into stays here.
  interpreter(const socket_description& described, variables own);

  // The upgrade was accepted, or the Engine.IO session was opened.
  outcome on_open();
  // Socket.IO: the namespace was joined.
  outcome on_connect();
  // The text of a raw frame.
  outcome on_text(std::string_view text);
  // Socket.IO: an event, or the acknowledgement of one of ours.
  outcome on_event(std::string_view list);
  outcome on_acknowledged(std::uint64_t ack, std::string_view list);
  // The heartbeat is due.
  outcome on_beat();

  // Chats that are joined before the socket is ready; later ones are joined at once.
  outcome join(joining chat);
  // Every chat that was to be joined is.
  bool joined() const noexcept { return scripts_.empty(); }

  const variables& known() const noexcept { return own_; }

 private:
  // The handshake, or the steps of one chat.
  struct script {
    const std::vector<socket_step>* steps = nullptr;
    std::optional<joining> of_chat = {};
    std::size_t next = 0;
    std::optional<std::uint64_t> waits_for = {};  // an acknowledgement
  };

  void begin(outcome& out);
  void advance(outcome& out);
  void sign(outcome& out);
  void settle(outcome& out);
  bool holds(const conditions& all, const frame& in, const scope& from) const;
  scope scope_of(const script* running) const noexcept;
  void take(const captures& wanted, const boost::json::value& from);
  bool write(const outgoing& what, const scope& from, outcome& out, bool asks = false);
  void on_frame(frame& got, outcome& out);
  void read_messages(frame& got, outcome& out) const;
  void read_reference(std::string_view raw, outcome& out);

  const socket_description& described_;
  variables own_;
  std::deque<script> scripts_;  // the first is under way, once it was begun
  std::uint64_t next_ack_ = 0;
  bool plain_;          // the reference's frames and nothing else
  bool begun_ = false;  // the handshake may go on
  bool signed_ = false;
  bool ready_ = false;
};

}  // namespace client::frames

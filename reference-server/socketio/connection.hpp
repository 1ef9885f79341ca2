// What a Socket.IO client says over one Engine.IO session, held to the protocol: which namespaces it has joined, which
// attachments are due, what breaks the rules. No I/O; owned by whoever serves the session, on the loop's thread.
//
// It judges what comes in; what goes out is its owner's: on `connect` it answers and calls join(), or refuses; on
// `fault` it closes the session.
#pragma once

#include "reference-server/socketio/packet.hpp"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace socketio {

class connection {
 public:
  enum class kind : std::uint8_t {
    nothing,     // attachments are still to come
    connect,     // wants to join this namespace; json: what it says of itself, may be empty
    disconnect,  // has left this namespace
    event,       // json: the array; with attachments or without
    ack,         // json: the array
    fault,       // against the protocol
  };
  // All views are valid until the next call, and as long as the text given.
  struct message {
    kind what = kind::nothing;
    socketio::packet packet = {};
    std::span<const std::string> attachments = {};
  };

  message take_text(std::string_view text);
  message take_binary(std::string_view bytes);

  void join(std::string_view name_space) { joined_.emplace_back(name_space); }
  void leave(std::string_view name_space) { std::erase(joined_, name_space); }
  bool joined(std::string_view name_space) const;
  bool joined_any() const { return !joined_.empty(); }

 private:
  struct unfinished {
    std::string text;
    packet head;  // points into text
    std::vector<std::string> attachments;
  };
  message finish(const packet& whole, std::span<const std::string> attachments) const;

  std::vector<std::string> joined_;
  std::unique_ptr<unfinished> waiting_;  // for its attachments
  std::unique_ptr<unfinished> given_;    // what the last message points into
};

}  // namespace socketio

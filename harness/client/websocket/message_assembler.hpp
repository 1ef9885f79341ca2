// Joins the fragments of a message; a message in one frame is handed through without a copy. Owned by one socket, any
// thread. Trusts the order of the frames: the parser has judged it.
#pragma once

#include "harness/client/websocket/frame.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace client::websocket {

class message_assembler {
 public:
  struct message {
    opcode op = opcode::text;
    std::string_view payload;  // valid until the next call, or as long as the frame's
  };

  // The message that this data frame completes. Precondition: no control frame.
  std::optional<message> add(const frame& part) {
    if (part.fin && part.op != opcode::continuation) return message{part.op, part.payload};
    if (part.op != opcode::continuation) {
      op_ = part.op;
      held_.clear();
    }
    held_.append(part.payload);
    if (!part.fin) return std::nullopt;
    done_.swap(held_);
    held_ = std::string();
    return message{op_, done_};
  }

 private:
  std::string held_;
  std::string done_;
  opcode op_ = opcode::text;
};

}  // namespace client::websocket

// The Redis conversation of one connection, without I/O: commands in, bytes out; bytes in, replies and pushed messages
// out; and the decision when the link counts as lost. Owned by a link (a test feeds it by hand), on one thread.
//
// Replies are matched to commands by their place in the stream, never by a channel's name. Time comes as an argument.
// Clocks of a command start when its bytes are taken for writing. All judging is the caller's to order: first feed()
// everything that had already arrived, then check().
#pragma once

#include "reference-server/redis/reader.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace redis {

using clock = std::chrono::steady_clock;

// When a link is given up. Every value is above zero.
struct limits {
  std::chrono::milliseconds ping_every{1000};
  std::chrono::milliseconds silence{3000};         // without any byte, while a ping waits
  std::chrono::milliseconds answer{3000};          // without the answer to a command
  std::chrono::milliseconds answer_silence{3000};  // without any byte, while a command (not a ping) waits
};

// Ordinary channels are everywhere in a cluster; a sharded one lives with its slot, on one master.
enum class pubsub : std::uint8_t { plain, sharded };

// Who gets what the conversation yields. Called from inside protocol::feed; may append commands.
class listener {
 public:
  // The answer to the command that was appended with this token.
  virtual void on_reply(std::uint64_t token, const reply& answer) = 0;
  // A message of a subscribed channel, in stream order with the answers to subscribe and unsubscribe.
  virtual void on_message(std::string_view channel, std::string_view payload) = 0;
  // A sharded channel's slot has moved away: this connection is subscribed to it no more, and had not asked for that.
  virtual void on_channel_lost(std::string_view /*channel*/) {}

 protected:
  ~listener() = default;
};

class protocol {
 public:
  protocol(const limits& limits, clock::time_point now);

  // Appends a command that has exactly one reply. The token is the caller's and comes back with the reply.
  void command(std::uint64_t token, std::span<const std::string_view> words);
  void command(std::uint64_t token, std::initializer_list<std::string_view> words);
  // Pub/sub; one channel each, answered by one array in stream order. From the first subscribe on the connection may do
  // nothing else (Redis' own rule).
  void subscribe(std::uint64_t token, std::string_view channel, pubsub kind = pubsub::plain);
  void unsubscribe(std::uint64_t token, std::string_view channel, pubsub kind = pubsub::plain);

  bool has_output() const { return !output_.empty(); }
  // Swaps everything appended so far into `bytes` (which must be empty) and starts the clocks of the commands in it.
  void take_output(std::string& bytes, clock::time_point now);

  // Bytes from Redis, in pieces of at most 16 KiB. False when the conversation broke: lost() says why.
  bool feed(std::string_view bytes, clock::time_point now, listener& to);

  // Whether a deadline has passed by what was read so far: then read what has arrived, feed() it, and check().
  bool overdue(clock::time_point now) const { return !verdict(now).empty(); }
  // Judges the deadlines, and appends a ping when one is due. False when the link is lost: lost() says why.
  bool check(clock::time_point now);

  std::string_view lost() const { return lost_; }  // empty while the link lives
  std::size_t unanswered() const { return waiting_.size(); }

 private:
  enum class expected : std::uint8_t { plain, subscribe, unsubscribe, ssubscribe, sunsubscribe, ping };
  struct waiting {
    std::uint64_t token;
    clock::time_point sent;  // meaningless before it was taken for writing
    expected kind;
  };
  void append(std::uint64_t token, expected kind, std::span<const std::string_view> words);
  bool take(const reply& r, listener& to);
  bool take_push(const reply& r, listener& to) const;
  bool answers(const waiting& command, const reply& r) const;
  std::string verdict(clock::time_point now) const;  // why the link is lost; empty when it is not

  limits limits_;
  reader reader_;
  std::string output_;
  std::deque<waiting> waiting_;
  std::size_t untaken_ = 0;          // how many of the last in waiting_ are still in output_
  std::deque<std::string> leaving_;  // the channels of the waiting SUNSUBSCRIBEs
  bool subscriber_ = false;
  bool ping_waits_ = false;
  clock::time_point last_byte_;
  clock::time_point last_ping_;
  std::string lost_;
};

}  // namespace redis

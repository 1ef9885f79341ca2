// What a trace is made of: the things that the harness did and saw, as small plain structs.
//
// Times are nanoseconds on the harness's own monotonic clock since the start of the run. Two events at the same time
// are ordered by their place in the trace. Values without behaviour; owned by the trace that holds them.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

namespace ledger {

using instant = std::chrono::nanoseconds;

// Numbers handed out by a trace, from 0 upwards. Those of users and chats are the ones that tags carry.
enum class user_id : std::uint32_t {};
enum class chat_id : std::uint32_t {};
enum class socket_id : std::uint32_t {};
enum class message_id : std::uint32_t {};
enum class sweep_id : std::uint32_t {};

// How a POST ended. See outcome_of in rules.hpp for the usual translation of a status.
enum class outcome : std::uint8_t {
  acked,    // a success, its last byte read
  refused,  // the target said no, so the message must be nowhere
  unknown   // anything else: 5xx, time-out, reset, truncated answer
};

// Why a socket is no longer ready. The event stands at the first of these.
enum class ending : std::uint8_t {
  closed_by_us,    // before our close frame is written (or our connection dropped)
  closed_by_peer,  // the peer's close frame was read (or its disconnect packet)
  end_of_file,     // the connection ended without a close frame
  failed,          // reset, time-out, protocol error
  refused,         // it never opened: handshake or upgrade refused
  poll_failed      // the first poll or POST of a polling session that failed in any way
};

// What was recognised in a frame or a history row.
enum class content : std::uint8_t {
  tagged,   // a tag of this run, checksum right
  damaged,  // a tag of this run, checksum wrong
  foreign,  // text without a tag of this run
  no_text   // the event carries an id alone; the message is found by its id
};

// Before the first byte of a POST goes out.
struct sent {
  instant at{};
  message_id message{};
  user_id recipient{};
  std::uint32_t attempt = 1;  // 1, then 2, 3, … for retries with the same idempotency key
  bool is_fence = false;      // sent to prove that what came before it has arrived
  friend bool operator==(const sent&, const sent&) = default;
};

// After the last byte of the answer, or when it was given up.
struct answered {
  instant at{};
  message_id message{};
  std::uint32_t attempt = 1;
  outcome result = outcome::unknown;
  int status = 0;         // 0: no status was read
  std::string server_id;  // empty when the answer named none
  friend bool operator==(const answered&, const answered&) = default;
};

// Before the connect.
struct socket_started {
  instant at{};
  socket_id socket{};
  user_id user{};
  friend bool operator==(const socket_started&, const socket_started&) = default;
};

// The ready event (or the declared signal) was parsed.
struct socket_ready {
  instant at{};
  socket_id socket{};
  friend bool operator==(const socket_ready&, const socket_ready&) = default;
};

struct socket_ended {
  instant at{};
  socket_id socket{};
  ending how = ending::failed;
  int close_code = 0;  // of the peer's close frame; 0 when there was none
  friend bool operator==(const socket_ended&, const socket_ended&) = default;
};

// One chat message out of one frame; a frame that holds several gives several. May follow socket_ended: what is read
// between our close frame and the peer's still counts.
struct frame {
  instant at{};
  socket_id socket{};
  std::string server_id;        // empty when the frame names none
  std::optional<chat_id> chat;  // when the frame names one that the trace knows
  content kind = content::foreign;
  std::optional<message_id> message;  // set when kind is tagged or damaged
  friend bool operator==(const frame&, const frame&) = default;
};

// The socket was read until nothing more was waiting. Deadlines are judged by these alone, so that a pause of the
// harness never looks like a loss. `last`: the run's drain is over for this socket, and everything acknowledged before
// is due now; say it only after having waited as long as the run means to wait.
struct drained {
  instant at{};
  socket_id socket{};
  bool last = false;
  friend bool operator==(const drained&, const drained&) = default;
};

// A walk through the history of a chat, from before its first request.
struct sweep_begun {
  instant at{};
  sweep_id sweep{};
  user_id reader{};
  chat_id chat{};
  bool whole = true;  // from the very beginning to the end; false for a catch-up from a cursor
  friend bool operator==(const sweep_begun&, const sweep_begun&) = default;
};

// One row, oldest first (the reader of a newest-first history turns it round before it writes the rows).
struct sweep_row {
  instant at{};
  sweep_id sweep{};
  std::string server_id;
  content kind = content::foreign;
  std::optional<message_id> message;
  friend bool operator==(const sweep_row&, const sweep_row&) = default;
};

// All pages were read. A walk that failed on its way has no such event and proves nothing missing.
struct sweep_completed {
  instant at{};
  sweep_id sweep{};
  friend bool operator==(const sweep_completed&, const sweep_completed&) = default;
};

using event = std::variant<sent, answered, socket_started, socket_ready, socket_ended, frame, drained, sweep_begun,
                           sweep_row, sweep_completed>;

instant time_of(const event& value);

}  // namespace ledger

// The ledger of a load run: the rules of judge(), applied while the run goes on, in memory bounded by what is in
// flight.
//
// Owner: one load worker, one thread. Pure: no I/O, no clock; time is an argument, since the start of the run, and
// never goes back (two calls at one time count in their order). The worker owns a contiguous range of users and of
// two-person chats; its tags carry their numbers. judge() stays the authority: README.md says what differs by design.
//
// What the worker must do to be told the truth:
// - sent() before the first byte of a POST, answered() after the last of its answer; every POST is answered in the end
//   (unknown, when it was given up). A number from next_message() is sent, soon.
// - socket_started() before the connect, socket_ended() before writing our own close, frame() for all that is still
//   read after that, and socket_gone() when nothing more will be read: each handle ends with it.
// - drained() whenever every open socket was read until nothing more was waiting: deadlines are judged by it alone.
//
// Mistakes of ours (a number out of the range, a handle that is over) throw std::out_of_range.
#pragma once

#include "harness/ledger/live/live_finding.hpp"
#include "harness/ledger/rules.hpp"
#include "harness/ledger/trace.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace ledger {

// The numbers of a worker's users and chats.
struct live_range {
  std::uint32_t first_user = 0;
  std::uint32_t users = 0;
  std::uint32_t first_chat = 0;
  std::uint32_t chats = 0;
};

struct live_socket {
  std::uint32_t slot = 0;
  std::uint32_t generation = 0;
};

struct live_walk {
  std::uint32_t slot = 0;
  std::uint32_t generation = 0;
};

// What a frame was. Whether a repetition is duplicated or replayed, and what is refused, stands in the findings.
enum class seen_as : std::uint8_t {
  first,      // the first time on this socket, where it may be: take the latency from this
  again,      // it was on this socket before, or the socket was opened when the message was over
  misplaced,  // on a socket of somebody else, or a message of another worker
  overheard,  // the same, where the target declares that everybody receives
  damaged,    // ours, with another body than was sent
  unsent,     // a tag of this run that was never sent
  foreign     // without a tag of this run
};

struct live_arrival {
  seen_as what = seen_as::foreign;
  bool echo = false;    // on a socket of its own sender
  message_key message;  // unless foreign, or damaged so that only its id told
  instant intended{};   // from the tag; 0 when damaged
  instant sent{};       // of the first POST; only when `what` is first
};

class live_ledger {
 public:
  // Throws std::invalid_argument when `run` is no run id (tag.hpp).
  live_ledger(std::string run, rules declared, live_range range, live_limits limits = {});
  live_ledger(live_ledger&&) noexcept;
  live_ledger& operator=(live_ledger&&) noexcept;
  ~live_ledger();

  // Messages.
  void chat(chat_id number, user_id a, user_id b);       // once, before its first message
  message_key next_message(chat_id in, user_id sender);  // sequences from 1
  std::string body(const message_key& message, instant intended, std::string_view rest) const;
  void append_body(std::string& out, const message_key& message, instant intended, std::string_view rest) const;
  void sent(instant at, const message_key& message, std::uint32_t attempt = 1);
  // `server_id` may be empty; it is not kept.
  void answered(instant at, const message_key& message, outcome result, std::string_view server_id,
                std::uint32_t attempt = 1);

  // Sockets.
  live_socket socket_started(instant at, user_id user);
  void socket_ready(instant at, live_socket socket);
  void socket_ended(instant at, live_socket socket, ending how, int close_code = 0);  // only the first one counts
  live_arrival frame(instant at, live_socket socket, std::string_view server_id, std::string_view body);
  void socket_gone(instant at, live_socket socket);  // the handle is over; ends the socket if nothing else did
  void drained(instant at);
  // The run has waited as long as it means to, and every open socket was read empty: all that was acknowledged is due.
  void finish_drain(instant at);

  // History. Rows come oldest first. `whole`: from the very beginning to the end; false: a catch-up from a cursor.
  live_walk walk_begun(instant at, user_id reader, chat_id chat, bool whole);
  void walk_row(instant at, live_walk walk, std::string_view server_id, std::string_view body);
  void walk_completed(instant at, live_walk walk);
  void walk_failed(instant at, live_walk walk);

  // The end of the run: every handle is over, and what is still open is counted as it stands.
  void conclude(instant at);

  // What is known so far. A loss counts when its deadline has passed; it becomes late if the message comes after all.
  const live_counts& counts() const;
  std::span<const live_finding> findings() const;  // in the order in which they were made, as far as kept
  std::span<const live_question> uncertain() const;
  std::span<const live_question> announced() const;
  std::span<const live_question> missed_in_warm_up() const;
  std::size_t in_flight() const;  // messages about which something is still open

  // The events around a finding that is kept, as a trace of their own, to be stored and judged again: from 5 s after
  // the finding on, or after conclude(). Nothing: none were kept. Names are free text. See README.md for what is left
  // out.
  std::optional<trace> trace_of(const live_finding& found, const std::function<std::string(user_id)>& user_name,
                                const std::function<std::string(chat_id)>& chat_name) const;

 private:
  class books;
  std::unique_ptr<books> books_;
};

}  // namespace ledger

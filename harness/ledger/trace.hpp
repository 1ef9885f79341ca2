// Everything that happened in a run, in the order in which the harness did or saw it, and the names behind its numbers.
//
// Owner: one run (or one worker of a run; workers that share a target use different run ids). One thread appends;
// judging begins when appending is over. Only grows. No I/O, no clock: each function takes the time.
// Errors: a number that this trace did not hand out is our own mistake and throws std::out_of_range.
#pragma once

#include "harness/ledger/event.hpp"
#include "harness/ledger/tag.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ledger {

// The identity of a message within its run.
struct message_key {
  chat_id chat{};
  user_id sender{};
  std::uint32_t sequence = 0;
  friend auto operator<=>(const message_key&, const message_key&) = default;
};

// What a body says about itself.
struct recognised {
  content kind = content::foreign;
  std::optional<message_id> message;
};

class trace {
 public:
  // Throws std::invalid_argument when `run` is no run id (tag.hpp).
  explicit trace(std::string run);

  const std::string& run() const { return run_; }

  // The number of a name, made at its first mention. Names are free text: the target's user and chat ids.
  user_id user(std::string_view name);
  chat_id chat(std::string_view name);
  message_id message(const message_key& key);  // also for tags that were never sent

  // The next message of a sender in a chat: sequences count from 1.
  message_id next_message(chat_id in, user_id sender);

  // The body to POST for a message: its tag, and after it `rest`.
  std::string body(message_id message, instant intended, std::string_view rest) const;

  // Looks for this run's tag at the start of a body.
  recognised recognise(std::string_view body);

  // Appending.
  void sent(instant at, message_id message, user_id recipient, std::uint32_t attempt = 1, bool is_fence = false);
  void answered(instant at, message_id message, outcome result, int status, std::string_view server_id,
                std::uint32_t attempt = 1);
  socket_id socket_started(instant at, user_id user);
  void socket_ready(instant at, socket_id socket);
  void socket_ended(instant at, socket_id socket, ending how, int close_code = 0);  // only the first one counts
  void frame(instant at, socket_id socket, std::string_view server_id, const recognised& text,
             std::optional<chat_id> chat = std::nullopt);
  void drained(instant at, socket_id socket, bool last = false);
  sweep_id sweep_begun(instant at, user_id reader, chat_id chat, bool whole = true);
  void sweep_row(instant at, sweep_id sweep, std::string_view server_id, const recognised& text);
  void sweep_completed(instant at, sweep_id sweep);

  // For reading a stored trace back: the event as it is. Checks its numbers like the functions above.
  void append(event value);

  // Reading.
  std::span<const event> events() const { return events_; }
  std::span<const std::string> users() const { return users_.names; }
  std::span<const std::string> chats() const { return chats_.names; }
  std::span<const message_key> messages() const { return messages_; }
  std::size_t socket_count() const { return socket_users_.size(); }
  std::size_t sweep_count() const { return sweeps_; }

  const message_key& key(message_id message) const;
  user_id user_of(socket_id socket) const;
  std::string_view name(user_id user) const;  // "?" for a number that only a phantom's tag mentions
  std::string_view name(chat_id chat) const;  // the same

 private:
  struct names_table {
    std::vector<std::string> names;
    std::map<std::string, std::uint32_t, std::less<>> numbers;
    std::uint32_t number(std::string_view name);
  };

  void check(message_id message) const;
  void check(user_id user) const;
  void check(chat_id chat) const;
  void check(socket_id socket) const;
  void check(sweep_id sweep) const;

  std::string run_;
  names_table users_;
  names_table chats_;
  std::vector<message_key> messages_;
  std::map<message_key, message_id> message_numbers_;
  std::map<std::pair<chat_id, user_id>, std::uint32_t> last_sequence_;
  std::vector<user_id> socket_users_;
  std::uint32_t sweeps_ = 0;
  std::vector<event> events_;
};

}  // namespace ledger

// Decides what the writer sends: which waiting POSTs make the next batch, which chats' locks it waits for or only
// tries, and what becomes of the rows when the batch has an outcome. Pure: no I/O, no clock; time is an argument. Owned
// by the writer, on its thread.
//
// It promises: one batch at a time; at most `most_rows` rows in it; a chat refused in one batch is waited for in the
// next; a chat whose wait timed out is *stuck*: only tried from then on, every `try_every`, while the rest goes on;
// rows of a stuck chat are given up after `patience`; a batch that failed is halved until the guilty row stands alone;
// a batch whose outcome is unknown is never sent again.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <unordered_set>
#include <vector>

namespace api {

// One POST on its way into the table.
struct post {
  std::uint64_t ticket = 0;  // its owner's
  std::int64_t chat = 0;
  std::string sender;
  std::string body;
  std::optional<std::string> key;                   // Idempotency-Key
  std::chrono::steady_clock::time_point arrived{};  // set by admit()
};

struct batch {
  std::vector<post> rows;
  std::vector<std::int64_t> waited;  // chats whose lock is waited for; ascending, each once
  std::vector<std::int64_t> tried;   // the other chats of the rows; ascending, each once
};

class write_queue {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  static constexpr std::size_t most_waiting = 4096;
  static constexpr std::size_t most_rows = 256;
  static constexpr std::chrono::milliseconds try_every{20};
  static constexpr std::chrono::milliseconds patience{1000};  // until a stuck chat's rows are given up
  static constexpr std::chrono::seconds remember_stuck{10};   // how long an empty stuck chat stays known as such

  // False, and nothing changes, when `most_waiting` posts wait already (the batch in flight does not count).
  bool admit(post waiting, time_point now);

  enum class step { nothing, batch, give_back };
  // What to send now. `batch` makes current() the batch in flight, `give_back` means: release all locks, alone; both
  // last until finished(). Needs !in_flight().
  step next(time_point now);
  bool in_flight() const { return in_flight_; }
  const batch& current() const { return current_; }

  // Outcomes of the batch in flight; each of its rows is settled by its owner or waits again.
  // - Committed, with the locks of the chats `had` (ascending): the rows of all other chats wait again, at the head.
  //   Returns the places in current().rows of the rows that are settled; these rows stay there until finished().
  std::vector<std::size_t> committed(std::span<const std::int64_t> had, time_point now);
  // - The wait for the locks timed out; nothing was stored: all rows wait again.
  void wait_timed_out(time_point now);
  // - Rolled back by any other error: both halves are sent on their own, before all else. The row is returned when it
  //   was alone: it is given up.
  std::optional<post> failed();
  // - Nobody knows: its rows are given up, whatever was stored.
  std::vector<post> lost();

  // The batch (or the giving back) is over, its publishes answered: another may be sent.
  void finished();

  // Rows of chats that have been stuck for too long; they leave the queue.
  std::vector<post> expire(time_point now);
  // Everything that waits leaves the queue: there is no connection. Locks went with it.
  std::vector<post> drop_all();

  // When next() has to be asked again though nothing new arrives; nothing when only an event can change its answer.
  std::optional<time_point> wake() const;
  std::size_t waiting() const { return waiting_; }

 private:
  struct stuck_chat {
    time_point since;     // of the first refusal
    time_point last_row;  // when a row last came to wait here
    std::deque<post> rows;
  };

  void wait_again(post row, time_point now);
  bool take_piece();
  void take_stuck(time_point now);
  void take_waiting();
  void choose_locks();

  std::deque<post> queue_;
  std::deque<std::vector<post>> pieces_;        // halves of failed batches
  std::map<std::int64_t, time_point> refused_;  // chats not had in their last batch, and since when
  std::map<std::int64_t, stuck_chat> stuck_;
  std::size_t stuck_rows_ = 0;
  time_point next_try_{};
  batch current_;
  std::size_t waiting_ = 0;  // rows that are not in current_
  bool in_flight_ = false;
  bool locks_held_ = false;
};

}  // namespace api

// What all cases of one worker process share: the event loop, the target, the trace, every socket that was opened, and
// the pipe to the runner. One per process, on its only thread. Sockets stay open after their case, to the end of the
// shard, so that a frame that strays in late still lands in the trace.
#pragma once

#include "conformance/cases/actor.hpp"
#include "conformance/runner/worker_plan.hpp"
#include "harness/client/net.hpp"
#include "harness/client/target/target.hpp"
#include "harness/client/user/created_file.hpp"
#include "harness/ledger/trace.hpp"
#include "harness/record/trace_file.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <deque>
#include <fstream>
#include <functional>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>

namespace conformance {

/// The runner asked for an orderly stop; unwinds the running case.
class stop_asked : public std::runtime_error {
 public:
  stop_asked() : std::runtime_error("the run was stopped") {}
};

class stage {
 public:
  /// records: file descriptor for the lines of case_record.hpp.
  stage(worker_plan plan, std::shared_ptr<const client::target> target, int records);

  /// The stage of this process; set by its constructor.
  static stage& of_worker();

  boost::asio::io_context& io() { return io_; }
  const client::target& target() const { return *target_; }
  std::shared_ptr<const client::target> shared_target() const { return target_; }
  ledger::trace& trace() { return trace_; }
  std::chrono::milliseconds patience() const { return plan_.patience; }
  std::mt19937_64& random() { return random_; }

  /// On the trace's clock.
  ledger::instant at(client::time_point time) const { return time.time_since_epoch() - plan_.epoch; }
  ledger::instant now() const { return at(client::clock::now()); }

  /// Runs the loop until the condition holds (true) or the time has come (false); everything that had arrived by then
  /// was handled. Throws stop_asked when the runner wants an end.
  bool wait_until(const std::function<bool()>& condition, client::time_point deadline);

  /// A user that no other case has, with a session: rc-<run>-<n>, or the next row of the target's users. Throws
  /// std::runtime_error when there is no more of them, or the log-in fails.
  actor& new_user();

  /// Things of a case that live to the end of the shard.
  device& open_socket(actor& owner) { return devices_.emplace_back(*this, owner); }
  message& new_message() { return messages_.emplace_back(); }
  chat& new_chat(chat created) { return chats_.emplace_back(std::move(created)); }

  /// A body that carries the tag of this run, but of another worker's message: users are never shared between workers,
  /// so whoever got it got what is not theirs.
  bool is_siblings(std::string_view body) const;

  /// One line to the runner.
  void tell(std::string_view line);
  bool stopping() const { return stopping_; }

  /// Everything up to now into the trace file, so that a worker that dies later leaves it readable.
  void write_trace();

  /// The end of the shard: reads every socket until it is quiet, closes them in order, writes the trace.
  void finish();

 private:
  void log_in(client::user& account);

  worker_plan plan_;
  std::shared_ptr<const client::target> target_;
  int records_;
  boost::asio::io_context io_{1};
  boost::asio::signal_set signals_;
  ledger::trace trace_;
  std::ofstream trace_file_;
  record::trace_writer trace_writer_;
  std::mt19937_64 random_;
  std::shared_ptr<client::login_pace> pace_;         ///< nothing: as fast as they come
  std::shared_ptr<client::session_store> sessions_;  ///< nothing: the target keeps none
  std::shared_ptr<client::created_file> created_;    ///< nothing: nobody will remove what is made
  std::deque<chat> chats_;
  std::deque<message> messages_;
  std::deque<actor> users_;
  std::deque<device> devices_;
  bool stopping_ = false;
};

}  // namespace conformance

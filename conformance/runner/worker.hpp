// One worker process: rollcall-cases, the GoogleTest binary with the cases of its shard. Owned by the runner, lives on
// the runner's io_context. The plan goes in on a pipe, records come out on another; a worker that is silent for too
// long is killed. The process never outlives the runner (PDEATHSIG) and takes no Ctrl-C of its own (own process group).
#pragma once

#include "conformance/runner/case_record.hpp"
#include "conformance/runner/worker_plan.hpp"

#include <sys/types.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>

namespace conformance {

class worker {
 public:
  /// What the runner wants to hear. Both are called on the runner's thread; after on_exit nothing more is.
  struct listener {
    std::function<void(const case_record&)> on_case;
    std::function<void()> on_exit;
  };

  /// silence: longest time without any record before the process is killed and its case becomes an error.
  worker(boost::asio::io_context& io, worker_plan plan, std::chrono::milliseconds silence, listener to);
  ~worker();
  worker(const worker&) = delete;
  worker& operator=(const worker&) = delete;

  /// Starts the program. Throws std::system_error when the process cannot be made.
  void start(const std::filesystem::path& program);

  /// Asks it to finish the running case at once, drain its sockets and write its trace.
  void stop();
  void kill();

  const shard_record& record() const { return record_; }
  const worker_plan& plan() const { return plan_; }

  /// Why the process ended, once it has: empty when it said it was done, else "killed by signal 11" and the like.
  const std::string& end_reason() const { return end_reason_; }

 private:
  void read();
  void take_lines();
  void watch_silence();
  void reap();

  worker_plan plan_;
  std::chrono::milliseconds silence_;
  listener to_;
  boost::asio::posix::stream_descriptor records_;
  boost::asio::steady_timer silence_timer_;
  std::string buffer_;
  std::array<char, 16384> chunk_{};
  shard_record record_;
  std::string end_reason_;
  pid_t pid_ = -1;
  bool silenced_ = false;
};

}  // namespace conformance

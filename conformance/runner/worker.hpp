// One worker process of a conformance run: rollcall-cases, the GoogleTest binary with the cases of its shard. Owned by
// the runner, lives on the runner's io_context.
#pragma once

#include "conformance/runner/case_record.hpp"
#include "conformance/runner/worker_plan.hpp"
#include "harness/worker/process.hpp"

#include <boost/asio/io_context.hpp>

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
  worker(boost::asio::io_context& io, worker_plan plan, const std::filesystem::path& program,
         std::chrono::milliseconds silence, listener to);

  /// Throws std::system_error when the process cannot be made.
  void start() { process_.start(); }

  /// Asks it to finish the running case at once, drain its sockets and write its trace.
  void stop() { process_.stop(); }
  void kill() { process_.kill(); }

  const shard_record& record() const { return record_; }
  const worker_plan& plan() const { return plan_; }

  /// Why the process ended, once it has: empty when it said it was done, else "killed by signal 11" and the like.
  const std::string& end_reason() const { return end_reason_; }

 private:
  worker_plan plan_;
  listener to_;
  shard_record record_;
  std::string end_reason_;
  ::worker::process process_;
};

}  // namespace conformance

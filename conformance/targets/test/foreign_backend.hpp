// For tests only: one of the backends in conformance/targets, on a PostgreSQL and Redis of its own, started as its
// README says. It knows nothing of Rollcall; only its target file does. Blocking; owned by the test.
#pragma once

#include "conformance/selftest/run_program.hpp"
#include "harness/stack/stack.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace conformance::targets_test {

class foreign_backend {
 public:
  /// `folder` below conformance/targets holds rollcall.yaml; `start` is the command line. What the backend says on
  /// standard error goes to a file, see log().
  foreign_backend(std::string folder, const std::vector<std::string>& start);
  ~foreign_backend();

  /// Why it did not come up; empty when it did.
  const std::string& problem() const { return problem_; }

  const std::string& api() const { return api_; }          ///< "http://127.0.0.1:40001"
  const std::string& sockets() const { return sockets_; }  ///< "ws://127.0.0.1:40002"
  pid_t pid() const { return program_->pid(); }

  /// `rollcall <command> --target <its file>` at these addresses, with more arguments.
  selftest::program_result rollcall(const std::string& command, const std::vector<std::string>& more,
                                    std::chrono::seconds limit) const;

  /// SIGTERM, and what it said at its end.
  selftest::program_result stop();
  std::string log() const;

 private:
  std::string target_;
  selftest::scratch_folder scratch_;
  std::unique_ptr<stack::stack> stores_;
  std::optional<selftest::running_program> program_;
  std::string api_, sockets_, problem_;
};

}  // namespace conformance::targets_test

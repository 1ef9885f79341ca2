// The parent's hold on one supervisor process: started by fork and exec, spoken to over two pipes, waited for. Owned by
// class stack, one thread. While this object lives the supervisor knows that its parent does.
#pragma once

#include "harness/stack/descriptor.hpp"
#include "harness/stack/failure.hpp"

#include <sys/types.h>

#include <boost/json.hpp>

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace stack {

class supervision {
 public:
  using clock = std::chrono::steady_clock;
  enum class heard : std::uint8_t { line, end, late, interrupted };

  // `secret` goes into the child's environment (none when empty).
  static start_result<supervision> begin(const std::filesystem::path& program, const std::string& secret);
  supervision(supervision&&) noexcept = default;
  supervision& operator=(supervision&&) = delete;
  ~supervision();

  bool say(const boost::json::object& line);
  // Waits for a line until `deadline`. Ends early when interrupt_fd (-1: none) becomes readable.
  heard listen(boost::json::object& line, clock::time_point deadline, int interrupt_fd = -1);
  // Lets go: the supervisor stops everything. Waits for its end; false when it is still there at the deadline.
  bool end(clock::time_point deadline);
  // How the process ended, once end() said true and if it was not in good order.
  const std::string& manner_of_end() const noexcept { return manner_; }

  pid_t pid() const noexcept { return pid_.number; }
  int answers() const noexcept { return answers_.get(); }

 private:
  struct process_id {
    pid_t number = 0;
    bool reaped = false;
  };
  supervision(pid_t pid, descriptor commands, descriptor answers)
      : pid_{pid, false}, commands_(std::move(commands)), answers_(std::move(answers)) {}

  process_id pid_;
  descriptor commands_, answers_;
  line_reader input_;
  std::string manner_;
};

}  // namespace stack

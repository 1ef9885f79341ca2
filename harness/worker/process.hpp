// One worker process of a run: a program of ours, started by exec with its plan on its standard input and its reports,
// line by line, on its file descriptor 3; what else it prints goes to a log. Owned by the runner, on the runner's
// io_context. It never outlives the runner (PDEATHSIG), takes no Ctrl-C of its own (own process group), and is killed
// when it says nothing for too long.
#pragma once

#include <sys/types.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <array>
#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace worker {

inline constexpr int reports_fd = 3;

struct program {
  std::filesystem::path path;
  std::vector<std::string> arguments = {};    // without the program's own name
  std::vector<std::string> variables = {};    // "NAME=value", on top of the runner's environment
  std::string without_variables = {};         // names that begin so are not handed on; empty: all are
  std::string log_file;                       // appended to
  std::string plan;                           // written first; secrets are in no argument and no file
  bool ends_input = true;                     // nothing comes after the plan; false: tell() may be used
  std::chrono::milliseconds silence{30'000};  // longest time without a report; > 0
};

// How the process came to its end.
struct ending {
  bool silenced = false;  // it was silent for too long and was killed for it
  int signal = 0;         // that ended it, 0: none
  int code = 0;           // of its exit, when no signal ended it

  // "was killed by signal 9", "exited with 3", "was silent for 30 s and was killed".
  std::string clause(std::chrono::milliseconds silence) const;
};

class process {
 public:
  // Both are called on the runner's thread, never from inside start(); on_end once, and nothing after it.
  struct listener {
    std::function<void(std::string_view line)> on_line;
    std::function<void(const ending&)> on_end;
  };

  process(boost::asio::io_context& io, program what, listener to);
  ~process();  // kills and reaps
  process(const process&) = delete;
  process& operator=(const process&) = delete;

  // Throws std::system_error when the process cannot be made.
  void start();

  // One more line on its input. A process that is gone is no error: on_end says so.
  void tell(std::string_view line);
  void stop() const;  // SIGTERM
  void kill() const;  // SIGKILL

  pid_t pid() const { return pid_; }  // -1 before start() and after on_end
  const program& what() const { return what_; }

 private:
  void write(std::string_view text);
  void read();
  void take_lines();
  void watch_silence();
  void reap();

  program what_;
  listener to_;
  boost::asio::posix::stream_descriptor reports_;
  boost::asio::steady_timer silence_timer_;
  std::string buffer_;
  std::array<char, 16384> chunk_{};
  pid_t pid_ = -1;
  int input_ = -1;
  bool silenced_ = false;
};

}  // namespace worker

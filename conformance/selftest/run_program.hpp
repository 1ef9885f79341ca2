// For tests only: runs a program as a user would and keeps what it said. Blocking, with a deadline at which the program
// is killed. Owned by the test.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace conformance::selftest {

struct program_result {
  int code = -1;  ///< exit code; 128 + signal when a signal ended it
  std::string out;
  std::string err;
  bool timed_out = false;
};

/// A program that was started. The destructor kills and reaps it when it still runs.
class running_program {
 public:
  /// words[0] is the program's path. Variables are set on top of this process's environment; an empty value unsets.
  explicit running_program(const std::vector<std::string>& words,
                           const std::map<std::string, std::string>& variables = {});
  ~running_program();
  running_program(const running_program&) = delete;
  running_program& operator=(const running_program&) = delete;

  pid_t pid() const { return pid_; }
  void signal(int number) const;

  /// Reads until the text was seen on either output; false when the program ended or the time was over first.
  bool wait_for(const std::string& text, std::chrono::seconds limit);

  /// What was read of its standard output so far.
  const std::string& out() const { return result_.out; }

  /// Reads to the end and reaps.
  program_result finish(std::chrono::seconds limit = std::chrono::seconds(60));

 private:
  bool read_some(std::chrono::milliseconds limit);

  pid_t pid_ = -1;
  int out_ = -1;
  int err_ = -1;
  program_result result_;
};

program_result run_program(const std::vector<std::string>& words,
                           const std::map<std::string, std::string>& variables = {},
                           std::chrono::seconds limit = std::chrono::seconds(60));

/// A rollcall-faulty on a free port, ready to be talked to.
class faulty_backend {
 public:
  explicit faulty_backend(const std::vector<std::string>& flags);
  ~faulty_backend();

  const std::string& address() const { return address_; }  ///< "127.0.0.1:40001"

  /// A target file for it, written into the folder; more lines may be added.
  std::string write_target(const std::string& folder, const std::string& more = "") const;

  static constexpr const char* secret = "a-secret-of-at-least-thirty-two-bytes";

 private:
  pid_t pid_ = -1;
  std::string address_;
};

/// A new empty folder that is removed with everything in it.
class scratch_folder {
 public:
  scratch_folder();
  ~scratch_folder();
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace conformance::selftest

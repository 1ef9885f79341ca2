// Starting, finding and signalling processes, as the supervisor does it. Free functions over Linux's calls and /proc;
// for a process with a single thread (spawn forks and prepares the child in the child).
#pragma once

#include "harness/stack/account.hpp"
#include "harness/stack/failure.hpp"

#include <signal.h>
#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace stack::process {

struct program {
  std::filesystem::path file;
  std::vector<std::string> arguments;    // without argv[0]
  std::vector<std::string> environment;  // all of it, "NAME=value"
  const account* run_as = nullptr;       // null: the caller
  std::filesystem::path directory;       // to run in; empty: the caller's
  int ready_fd = -1;                     // becomes descriptor 3 of the child
  int dies_with_us = SIGKILL;            // PR_SET_PDEATHSIG, in addition to all orderly ways
};

// Output of the program goes to log_fd, its input is empty, its signals are at their defaults. Fails when the file
// cannot be executed.
start_result<pid_t> spawn(const program& what, int log_fd);

// The direct children of a process, zombies included.
std::vector<pid_t> children_of(pid_t parent);
// The letter of /proc/<pid>/stat: R, S, D, T, Z…; 0 when there is no such process.
char state_of(pid_t pid);
// "exited with code 1", "was ended by signal 9 (Killed)".
std::string describe(int wait_status);

// This process's environment without what would mislead a part: PG*, REDIS*, ROLLCALL_*, and locale settings.
std::vector<std::string> clean_environment();

}  // namespace stack::process

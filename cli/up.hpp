// `rollcall up`: the private stack in the foreground. Prints its addresses and a `curl` that works as pasted, then
// waits for Ctrl-C or SIGTERM and leaves nothing behind but what --data keeps (also when it is killed: the supervisor
// does that). Called once, from main's thread; holds the two signals while it runs.
#pragma once

#include "harness/record/exit_code.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace cli {

struct up_options {
  int api = 1;                                // 1..16
  int gateway = 1;                            // 1..16
  std::optional<std::filesystem::path> data;  // kept from run to run, with the secret
  std::optional<std::filesystem::path> logs;  // <part>.log files
  std::string user = "alice";                 // whose token the printed curl carries
  bool json = false;                          // one JSON object on stdout instead of text
};

// passed after an orderly stop, target when a part went down. Throws command_error when the stack does not come up.
record::exit_code up(const up_options& wanted);

}  // namespace cli

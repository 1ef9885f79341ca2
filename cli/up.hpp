// `rollcall up`: the private stack in the foreground. Prints its addresses and a `curl` that works as pasted, then
// waits for Ctrl-C or SIGTERM and leaves nothing behind but what --data keeps (also when it is killed: the supervisor
// does that). Called once, from main's thread; holds the two signals while it runs.
#pragma once

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

// The exit code: 0 after an orderly stop, 2 usage, 3 a part did not come up or went down, 130/143 interrupted before
// the stack was ready.
int up(const up_options& wanted);

}  // namespace cli

// The command line of rollcall-faulty. Used once, by main.
#pragma once

#include "conformance/selftest/faulty/server.hpp"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace faulty {

struct Flags {
  Settings settings;
  boost::asio::ip::tcp::endpoint listen;
  int ready_fd = -1;
  std::vector<std::string> faults;  // as given: NAME[=RATE][@K/N]
  double default_rate = 1;
  std::uint64_t seed = 1;
  std::string log;
  bool list_faults = false;
};

// The flags, or the exit code with which the program ends: 0 after --help and --version, 2 after one line on stderr.
std::variant<Flags, int> parse_flags(int argc, char** argv);

// The table that --list-faults prints.
std::string fault_list();

}  // namespace faulty

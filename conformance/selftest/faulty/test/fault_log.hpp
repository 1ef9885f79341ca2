// What the tests of single faults read out of the fault log.
#pragma once

#include "conformance/selftest/faulty/test/running.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace faulty::test {

using Ids = std::vector<std::int64_t>;

// When two posts took no longer, the second has overtaken the first, which `reorder` holds for half a second.
constexpr std::chrono::milliseconds overtaking{400};

// The entries of the log; every one must be of this fault.
std::vector<boost::json::object> log_of(const Running& server, const std::string& fault);

Ids logged_messages(const std::vector<boost::json::object>& lines);
std::string text_in(const boost::json::object& line, const char* member);
inline std::string socket_in(const boost::json::object& line) {
  return text_in(line, "socket");
}

// The path of a chat's messages.
std::string messages_of(std::int64_t chat);

}  // namespace faulty::test

// Why a stack did not come up: a kind that maps to an exit code and one line for people. A value; made on either side
// of the supervisor's pipes.
#pragma once

#include <boost/assert/source_location.hpp>
#include <boost/system/result.hpp>

#include <cstdint>
#include <string>

namespace stack {

enum class failure : std::uint8_t {
  usage = 1,        // an option that cannot work: a path too long, a data directory that is somebody else's
  missing_program,  // a program is not installed or not built
  not_started,      // a part died or was not ready in time; `what` quotes its last log lines
  interrupted,      // interrupt_fd became readable
  internal,         // a system call failed that does not fail
};

struct start_error {
  failure kind = failure::internal;
  std::string what;  // the first line says it all; log lines may follow, indented
};

template <typename T>
using start_result = boost::system::result<T, start_error>;

// boost::system::result asks for this when somebody takes the value of a failure without looking.
[[noreturn]] void throw_exception_from_error(const start_error& error, const boost::source_location& where);

// {internal, "<doing>: <strerror(number)>"}.
start_error system_failure(const std::string& doing, int number);

}  // namespace stack

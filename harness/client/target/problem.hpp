// What is wrong with a file or a value that a person wrote, in the four parts that person needs. Plain data.
#pragma once

#include <boost/system/result.hpp>

#include <string>

namespace client {

struct problem {
  std::string file;      // as the user named it; "--set socket.url" for an override; empty when there is none
  int line = 0;          // 1-based; 0 when it concerns no line
  int column = 0;        // 1-based, in bytes
  std::string what;      // "unknown key 'base_ulr'"
  std::string expected;  // "one of schema, name, …"; may be empty
  std::string mend;      // "did you mean base_url?"; may be empty
};

// "rollcall.yaml:3:1: unknown key 'base_ulr'; expected one of …; did you mean base_url?" One line, no newline at the
// end, control characters of the input made harmless.
std::string to_string(const problem& problem);

template <class T>
using result = boost::system::result<T, problem>;

// Why a value is not what it should be, in one clause that does not repeat the value ("has no host").
struct reason {
  std::string clause;
};

template <class T>
using checked = boost::system::result<T, reason>;

// boost::system::result asks for these when somebody takes the value of a failure without looking.
[[noreturn]] void throw_exception_from_error(const reason& reason, const boost::source_location& where);
[[noreturn]] void throw_exception_from_error(const problem& problem, const boost::source_location& where);

}  // namespace client

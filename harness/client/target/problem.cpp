#include "harness/client/target/problem.hpp"

#include <fmt/format.h>

#include <boost/throw_exception.hpp>

#include <stdexcept>

namespace client {

std::string to_string(const problem& problem) {
  std::string line;
  if (!problem.file.empty()) line = problem.file;
  if (problem.line > 0) line += fmt::format("{}{}:{}", line.empty() ? "line " : ":", problem.line, problem.column);
  if (!line.empty()) line += ": ";
  line += problem.what;
  if (!problem.expected.empty()) line += "; expected " + problem.expected;
  if (!problem.mend.empty()) line += "; " + problem.mend;

  std::string safe;  // what a file holds must not break the line or steer the terminal
  for (const char c : line) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) {
      safe += fmt::format("\\x{:02x}", byte);
    } else {
      safe += c;
    }
  }
  return safe;
}

void throw_exception_from_error(const problem& problem, const boost::source_location& where) {
  boost::throw_exception(std::logic_error(to_string(problem)), where);
}

void throw_exception_from_error(const reason& reason, const boost::source_location& where) {
  boost::throw_exception(std::logic_error(reason.clause), where);
}

}  // namespace client

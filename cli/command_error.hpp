// Why a command cannot go on: one line that says what, where, what was expected and how to mend it, and the exit code.
// main() prints it.
#pragma once

#include "harness/record/exit_code.hpp"

#include <stdexcept>
#include <string>

namespace CLI {
class ParseError;
}

namespace cli {

class command_error : public std::runtime_error {
 public:
  command_error(record::exit_code with, const std::string& what) : std::runtime_error(what), code_(with) {}
  record::exit_code code() const { return code_; }

 private:
  record::exit_code code_;
};

/// What the user wrote cannot be run.
class usage_error : public command_error {
 public:
  explicit usage_error(const std::string& what) : command_error(record::exit_code::usage, what) {}
};

/// A flag error of the parser in our words.
std::string one_line(const CLI::ParseError& error);

}  // namespace cli

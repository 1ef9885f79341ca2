#include "cli/command_error.hpp"

#include <CLI/CLI.hpp>

namespace cli {

std::string one_line(const CLI::ParseError& error) {
  std::string text = error.what();
  for (char& c : text) {
    if (c == '\n') c = ' ';
  }
  while (!text.empty() && (text.back() == ' ' || text.back() == '.')) text.pop_back();
  return text + ". See rollcall --help, or rollcall COMMAND --help";
}

}  // namespace cli

#include "cli/stack_error.hpp"

namespace cli {

namespace {

record::exit_code code_of(stack::failure kind, const interruption& interrupt) {
  switch (kind) {
    case stack::failure::usage:
    case stack::failure::missing_program:
      return record::exit_code::usage;
    case stack::failure::not_started:
      return record::exit_code::target;
    case stack::failure::interrupted:
      return interrupt.take();
    case stack::failure::internal:
      break;
  }
  return record::exit_code::internal;
}

}  // namespace

command_error stack_error(const stack::start_error& error, const interruption& interrupt) {
  return {code_of(error.kind, interrupt), "the private stack: " + error.what};
}

}  // namespace cli

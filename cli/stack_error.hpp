// A private stack that did not come up, as the error of a command.
#pragma once

#include "cli/command_error.hpp"
#include "cli/interruption.hpp"
#include "harness/stack/stack.hpp"

namespace cli {

/// Takes the signal from `interrupt` when that was the reason.
command_error stack_error(const stack::start_error& error, const interruption& interrupt);

}  // namespace cli

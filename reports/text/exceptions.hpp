// What a target file takes out of the usual promises, in words, with how often that was made use of. Pure.
#pragma once

#include "harness/record/result.hpp"

#include <string>

namespace reports {

/// "1,234 broadcast, 12 missed in warm up"; empty without exceptions. For the last line.
std::string counted_exceptions(const record::result& result);

/// "By declaration: delivery.to: everyone (clients filter), 1,234 broadcast; delivery.warm_up: 200ms, 12 missed in warm
/// up." Empty without exceptions.
std::string exceptions_sentence(const record::result& result);

}  // namespace reports

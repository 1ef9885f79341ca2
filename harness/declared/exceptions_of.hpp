// What a target file takes out of the usual promises of delivery, for the result of a run. Pure, any thread.
#pragma once

#include "harness/client/target/target.hpp"
#include "harness/record/result.hpp"

#include <vector>

namespace declared {

// In the order of the file's keys; empty when it makes no exceptions.
std::vector<record::declared_exception> exceptions_of(const client::target& target);

}  // namespace declared

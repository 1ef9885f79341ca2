// What a target file declares about delivery, as the rules of the ledger. The one place where the two meet: the client
// knows no ledger, and the ledger no target file. Pure, any thread.
#pragma once

#include "harness/client/target/target.hpp"
#include "harness/ledger/rules.hpp"

#include <chrono>

namespace declared {

// `patience`: the time that a run gives a message to arrive, > 0; it may be another than the file's.
ledger::rules rules_of(const client::target& target, std::chrono::milliseconds patience);

}  // namespace declared

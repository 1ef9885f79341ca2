// Feeds a finished trace to a live ledger, so that the oracle and the ledger can be asked about the same run. For
// tests.
#pragma once

#include "harness/ledger/live/live_ledger.hpp"
#include "harness/ledger/trace.hpp"

#include <utility>
#include <vector>

namespace ledger {

// The same trace with every drain told for all sockets that are open then, as a load worker does.
trace drained_together(const trace& of);

using chat_members = std::vector<std::pair<user_id, user_id>>;  // by chat

// Every event of the trace in its order; sockets are gone after their last event, walks that were never completed fail
// after theirs; then conclude().
void replay(const trace& of, const chat_members& members, live_ledger& into);

}  // namespace ledger

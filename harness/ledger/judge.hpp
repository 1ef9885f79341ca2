// The oracle: from a trace and what the target declares to a verdict.
//
// Pure: the same trace and rules always give the same verdict, so a stored run can be judged again. Any thread. Takes
// O(events · log events + messages · sockets). README.md says where each rule lives.
#pragma once

#include "harness/ledger/rules.hpp"
#include "harness/ledger/trace.hpp"
#include "harness/ledger/verdict.hpp"

namespace ledger {

verdict judge(const trace& of, const rules& declared);

// Whether it is shown that `message` did not come to `socket`: what a negative (offline, isolation) stands on.
absence absent(const verdict& from, const trace& of, const rules& declared, message_id message, socket_id socket);

}  // namespace ledger

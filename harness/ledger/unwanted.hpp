// What must not be: a message on a socket of somebody else, on one opened too late, twice, out of order, or although it
// was refused; and how far its absence from every socket is proven. Pure; adds to a verdict.
#pragma once

#include "harness/ledger/case_file.hpp"
#include "harness/ledger/verdict.hpp"

#include <vector>

namespace ledger {

// Judges all certain arrivals: refused_but_delivered, misrouted, replayed, duplicated; counts those that are broadcast.
void judge_unwanted(const case_file& known, verdict& out);

// Judges the order of what belongs on each socket: reordered, and counts.ordered_by.
void judge_order(const case_file& known, verdict& out);

// Fills verdict::proven_up_to and the counts of forbidden pairs. Call it after judge_unwanted.
void judge_absences(const case_file& known, verdict& out);

}  // namespace ledger

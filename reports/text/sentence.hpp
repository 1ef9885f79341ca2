// The verdict of a run in one sentence: what a report opens with. Pure.
#pragma once

#include "harness/record/result.hpp"

#include <string>

namespace reports {

/// "All 15 requirements hold.", "2 of 15 judged requirements failed: RT-06, OFF-02.", "No verdict: …".
/// The headline's word is not repeated in it.
std::string sentence(const record::result& result);

/// Whether the load generator kept to its plan, with the numbers; only for runs with a load.
std::string generator_sentence(const record::load_result& load);

/// "2,000 users in 1,000 chats, 70 % of them connected; 200 messages/s (poisson) for 5 min".
std::string plan_phrase(const record::load_plan& plan);

}  // namespace reports

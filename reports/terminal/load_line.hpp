// The last line of a load run, which people paste, and the clauses that the summary shares with it. Pure.
#pragma once

#include "harness/record/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace reports {

/// "PASS  load  …  60,000 sent, 54,012 judged online: all exactly once; …  ack p99 48 ms, delivery p99 71 ms".
/// `look_at` is a file of the run; it is named when there is something to be looked up in it. The result may lack its
/// load: the run ended before there was one.
std::string load_last_line(const record::result& result, const std::string& look_at, bool colour);

/// "2,000 users at 200 msg/s, 5 min".
std::string load_phrase(const record::load_plan& plan);

/// A count of the ledger by its name; 0 when the result has none.
std::uint64_t ledger_count(const record::result& result, std::string_view name);

/// What stands behind the number of messages that were judged online: ": all exactly once", or nothing when something
/// was found.
std::string of_judged(const record::result& result);

/// Behind the number of those with nobody connected: ": all in history, none pushed", as far as it was checked.
std::string of_offline(const record::result& result);

}  // namespace reports

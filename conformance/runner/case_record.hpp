// What a worker process reports of one case, as JSON lines on a pipe to the runner. Verdicts are made from these
// records and from the ledger, never from GoogleTest's own result.
//
// Lines, in order: {"planned":[ids]} once, then for each case {"begin":id}, any of {"check":{…}},
// {"inconclusive":reason},
// {"not_run":reason}, {"remark":text}, {"user":name}, {"trials":n}, and {"end":id,"seconds":s}; anywhere {"stray":{…}};
// at the end of the shard {"done":true}.
#pragma once

#include "conformance/contract/requirement.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace conformance {

/// One thing that was looked at: what was asked for and what came.
struct check {
  level force = level::must;
  std::string what;      ///< "history of the chat, asked for by a stranger"
  std::string expected;  ///< "403 or 404"
  std::string actual;    ///< "200 with 1 message"
  bool ok = false;
};

/// A frame with the message of another worker: whoever got it got what is not theirs.
struct stray {
  std::string user;  ///< whose socket it came on
  std::string body;
  std::chrono::nanoseconds at{};
};

struct case_record {
  std::string id;  ///< "AUTH-02[expired]"
  std::vector<check> checks;
  std::vector<std::string> users;  ///< every user of the case belongs to it alone
  std::optional<std::string> inconclusive;
  std::optional<std::string> not_run;
  std::optional<std::string> remark{};  ///< what a reader should know even when all is well
  int trials = 0;                       ///< how often the promise itself was put to the test
  double seconds = 0;
  bool ended = false;  ///< false: the worker died in the middle
};

/// All that one worker said, whole or up to its death.
struct shard_record {
  std::vector<std::string> planned;
  std::vector<case_record> cases;
  std::vector<stray> strays;
  bool done = false;

  /// Takes one line (without its end) of the worker; the case that it ended, or nullptr. A line that is none of the
  /// above is our own bug: throws std::runtime_error naming it.
  const case_record* take(std::string_view line);

  /// Planned cases that were never begun, in order.
  std::vector<std::string> not_begun() const;
};

/// The worker's side: each function gives one line, with its end.
std::string planned_line(const std::vector<std::string>& ids);
std::string begin_line(std::string_view id);
std::string check_line(const check& value);
std::string user_line(std::string_view name);
std::string trials_line(int count);
std::string inconclusive_line(std::string_view reason);
std::string not_run_line(std::string_view reason);
std::string remark_line(std::string_view text);
std::string stray_line(const stray& value);
std::string end_line(std::string_view id, double seconds);
std::string done_line();

}  // namespace conformance

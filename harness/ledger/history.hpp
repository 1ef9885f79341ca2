// What history must hold, and what the walks through it showed.
//
// Acknowledged: exactly once in every whole walk begun afterwards. Refused: nowhere. Unknown: at most once.
// Built once from a trace, which must outlive it; then read-only. Any thread.
#pragma once

#include "harness/ledger/arrivals.hpp"
#include "harness/ledger/identity.hpp"
#include "harness/ledger/message_life.hpp"
#include "harness/ledger/rules.hpp"
#include "harness/ledger/verdict.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

namespace ledger {

struct walk_row {
  identity who;
  std::string_view server_id;
  moment at;
};

struct walk {
  user_id reader{};
  chat_id chat{};
  bool whole = false;
  moment begun;
  std::optional<moment> completed;
  std::vector<walk_row> rows;
};

class history {
 public:
  history(const trace& of, const identities& known);
  history(const history&) = delete;
  history& operator=(const history&) = delete;

  const std::vector<walk>& walks() const { return walks_; }                   // in the order of their beginnings
  const std::map<chat_id, const walk*>& last_whole() const { return last_; }  // completed, and with rows of ours

  // Adds the findings, and what history adds to the counts.
  void judge(const trace& of, const message_table& messages, const arrivals& seen, const rules& declared,
             verdict& out) const;

 private:
  std::vector<walk> walks_;
  std::map<chat_id, const walk*> last_;
};

}  // namespace ledger

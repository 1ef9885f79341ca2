#include "harness/ledger/judge.hpp"

#include "harness/ledger/case_file.hpp"
#include "harness/ledger/delivery.hpp"
#include "harness/ledger/unwanted.hpp"

#include <algorithm>
#include <tuple>

namespace ledger {
namespace {

void count_messages(const case_file& known, counts& out) {
  for (std::size_t i = 0; i < known.messages.size(); ++i) {
    const auto& life = known.messages.of(message_id{static_cast<std::uint32_t>(i)});
    switch (life.fate()) {
      case fate::never_sent:
        continue;
      case fate::acked:
        ++out.acked;
        out.acked_by_retry += life.acked_first ? 0 : 1;
        break;
      case fate::refused:
        ++out.refused;
        break;
      case fate::unknown:
        ++out.unknown;
        break;
    }
    ++out.sent;
    out.fences += life.is_fence ? 1 : 0;
  }
  out.frames = known.seen.frames();
  out.foreign = known.seen.foreign();
}

}  // namespace

verdict judge(const trace& of, const rules& declared) {
  const case_file known(of, declared);
  verdict out;
  count_messages(known, out.counts);
  out.findings = known.seen.findings();
  judge_unwanted(known, out);
  judge_order(known, out);
  judge_absences(known, out);
  delivery owed(known, out);
  for (std::size_t i = 0; i < known.messages.size(); ++i) {
    owed.judge(message_id{static_cast<std::uint32_t>(i)});
  }
  known.walks.judge(of, known.messages, known.seen, declared, out);
  std::sort(out.findings.begin(), out.findings.end(), [](const finding& a, const finding& b) {
    return std::tie(a.message, a.kind, a.socket, a.proof) < std::tie(b.message, b.kind, b.socket, b.proof);
  });
  return out;
}

absence absent(const verdict& from, const trace& of, const rules& declared, message_id message, socket_id socket) {
  const case_file known(of, declared);
  if (!known.seen.of(message, socket).empty()) {
    return absence::present;
  }
  const auto& life = known.messages.of(message);
  const auto& proof = from.proven_up_to.at(static_cast<std::size_t>(socket));
  const auto settled = life.acked ? life.acked : life.fate() == fate::refused ? life.refused : std::nullopt;
  return settled && proof && *settled < *proof ? absence::proven : absence::unproven;
}

}  // namespace ledger

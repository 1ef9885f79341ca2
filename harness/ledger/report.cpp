#include "harness/ledger/report.hpp"

#include <algorithm>
#include <utility>

namespace ledger {

finding finding_about(const case_file& known, finding_class kind, message_id message, socket_id socket) {
  finding value;
  value.kind = kind;
  value.message = message;
  value.socket = socket;
  value.user = known.sockets.of(socket).user;
  return value;
}

finding proved(finding value, std::vector<moment> proof) {
  value.at = proof.empty() ? instant{} : std::max_element(proof.begin(), proof.end())->at;
  for (const auto& point : proof) {
    value.proof.push_back(point.place);
  }
  std::sort(value.proof.begin(), value.proof.end());
  value.proof.erase(std::unique(value.proof.begin(), value.proof.end()), value.proof.end());
  return value;
}

void report(verdict& out, finding value, std::vector<moment> proof) {
  out.findings.push_back(proved(std::move(value), std::move(proof)));
}

}  // namespace ledger

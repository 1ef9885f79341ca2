#include "harness/ledger/case_file.hpp"

namespace ledger {

std::optional<arrival> case_file::delivered_before(message_id message, socket_id socket) const {
  const auto& opened = sockets.of(socket);
  std::optional<arrival> first;
  for (const auto& one : seen.of(message)) {
    const auto& other = sockets.of(one.socket);
    // What was read after our own close may have been written off by the server in good faith.
    if (one.socket != socket && one.certain && other.user == opened.user && !other.gone_by(one.at) &&
        after_by(opened.started, one.at, declared.settle) && (!first || one.at < first->at)) {
      first = one;
    }
  }
  return first;
}

}  // namespace ledger

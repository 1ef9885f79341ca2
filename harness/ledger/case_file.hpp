// All that is known about a trace once it is laid out: who was connected, what was sent, what arrived, what history
// showed, what "later" means. The rules read it and nothing else.
//
// Built once; the trace and the rules must outlive it. Read-only, any thread. (A load run will build one per sealed
// window.)
#pragma once

#include "harness/ledger/arrivals.hpp"
#include "harness/ledger/history.hpp"
#include "harness/ledger/identity.hpp"
#include "harness/ledger/message_life.hpp"
#include "harness/ledger/order.hpp"
#include "harness/ledger/presence.hpp"
#include "harness/ledger/rules.hpp"
#include "harness/ledger/trace.hpp"

#include <optional>

namespace ledger {

struct case_file {
  case_file(const trace& of, const rules& with)
      : events(of),
        declared(with),
        sockets(of),
        messages(of),
        known(of, messages, with),
        seen(of, messages, known),
        walks(of, known),
        order(messages, known, walks, with) {}
  case_file(const case_file&) = delete;
  case_file& operator=(const case_file&) = delete;

  // The socket was opened after the message was settled: it must not get it (or, where replay is declared, only as one
  // that was missed).
  bool settled_before(const message_life& message, const socket_life& socket) const {
    return message.acked && after_by(socket.started, *message.acked, declared.settle);
  }

  // The message may show on the socket at all.
  bool belongs(const message_life& message, const socket_life& socket) const {
    return socket.user == message.recipient || (declared.echo_allowed && socket.user == message.key.sender);
  }

  // The socket is of somebody else, where everybody receives: what comes there is counted.
  bool stands_by(const message_life& message, const socket_life& socket) const {
    return declared.everyone_receives && socket.user != message.recipient && socket.user != message.key.sender;
  }

  // Sent when the socket was ready, but not yet for as long as the target declares that it may miss messages.
  bool in_warm_up(const message_life& message, const socket_life& socket) const {
    return socket.ready && *socket.ready < *message.sent && message.sent->at < socket.ready->at + declared.warm_up;
  }

  // The arrival of the message on another socket of the same user that was over before this socket was opened.
  std::optional<arrival> delivered_before(message_id message, socket_id socket) const;

  const trace& events;
  const rules& declared;
  const presence sockets;
  const message_table messages;
  const identities known;
  const arrivals seen;
  const history walks;
  const chat_order order;
};

}  // namespace ledger

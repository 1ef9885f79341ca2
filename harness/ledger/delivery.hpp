// What is owed: whether each message came to the sockets of its recipient, once and in time.
//
// Judges every pair of a message and a socket of its recipient: owed (delivered, late or lost), announced, missed in
// the declared warm-up, uncertain, at most once; and the replay of missed messages where it is declared. Pure; adds to
// a verdict.
#pragma once

#include "harness/ledger/case_file.hpp"
#include "harness/ledger/verdict.hpp"

#include <map>
#include <optional>
#include <span>
#include <utility>

namespace ledger {

class delivery {
 public:
  delivery(const case_file& known, verdict& out);

  void judge(message_id message);

 private:
  // The last messages of a chat that came to a socket of their recipient.
  struct latest {
    std::optional<arrival> by_time;   // whose POST began last
    std::optional<arrival> by_order;  // which stands last in the chat's order, when ids or history tell
  };
  // From when on a message is owed to a socket, and whether a later message can prove it lost.
  struct debt {
    moment since;
    bool in_order = true;
  };

  void judge(message_id message, socket_id socket, const std::optional<socket_id>& replay);
  std::optional<debt> owed(const message_life& life, const socket_life& socket) const;
  void judge_arrived(message_id message, socket_id socket, const debt& owed, const moment& arrived);
  void judge_missing(message_id message, socket_id socket, const debt& owed);
  std::optional<finding> lost_by_order(message_id message, socket_id socket) const;
  std::optional<socket_id> replay_socket(message_id message) const;

  const case_file& known_;
  verdict& out_;
  std::map<std::pair<socket_id, chat_id>, latest> latest_;
};

}  // namespace ledger

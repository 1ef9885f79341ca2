#include "conformance/contract/families.hpp"

namespace conformance {

using enum ledger::finding_class;

std::vector<requirement> offline_requirements() {
  return {
      {.id = "OFF-01",
       .title = "sending to an offline peer works",
       .text = "A message to a recipient who has no socket is acknowledged and stands in the history.",
       .why = "Most recipients are offline most of the time.",
       .check =
           "Bob never connects. Alice sends; the answer must be a success, and both members' history must hold the "
           "message once.",
       .causes = "the router's failure to find a socket is reported to the sender; the message is stored by the router",
       .depends_on = {"MSG-01"},
       .uses = {.users = 2, .chats = 1, .posts = 3},
       .findings = {missing_from_history, repeated_in_history}},
      {.id = "OFF-02",
       .title = "what was missed is not pushed later",
       .text = "A message acknowledged while its recipient had no socket is not delivered on a socket that is opened "
               "later.",
       .why =
           "The client reads the history when it connects; a replay shows every missed message twice and can flood a "
           "phone that was off for a week.",
       .check =
           "Alice sends while Bob is offline and the answer has come. Then Bob connects; after ready Alice sends a "
           "fence, which must be the first chat frame on Bob's socket; the socket is then closed and read to the end.",
       .causes = "an offline queue that is flushed on connect; connection state recovery; a persistent subscription",
       .depends_on = {"RT-01"},
       .uses = {.users = 2, .chats = 1, .sockets = 1, .posts = 5},
       .findings = {replayed}},
  };
}

std::vector<requirement> isolation_requirements() {
  return {
      {.id = "ISO-01",
       .title = "a bystander gets nothing",
       .text = "A connected user who is not the recipient of a message gets no frame of it.",
       .why = "A frame to the wrong socket is somebody's private message on a stranger's screen.",
       .check = "Alice sends to Bob while Carol is connected. After the acknowledgement Dave sends a fence to Carol; "
                "when it "
                "has arrived, Carol's socket must hold nothing else. Every socket of every case is watched to the end.",
       .causes = "a broadcast to all sockets; a pattern subscription that matches too much; a stale socket id",
       .depends_on = {"RT-01"},
       .uses = {.users = 4, .chats = 2, .sockets = 2, .posts = 20},
       .findings = {misrouted}},
  };
}

}  // namespace conformance

#include "conformance/contract/families.hpp"

namespace conformance {

using enum ledger::finding_class;

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
      {.id = "ISO-02",
       .title = "one contact does not get another's messages",
       .text = "Frames of a chat never reach the peer of another chat of the same sender.",
       .why = "What was said to Bob is on Carol's screen, because Alice knows both.",
       .check =
           "Alice has a chat with Bob and one with Carol; both are connected. She sends 20 messages to Bob, then one "
           "to Carol as the fence: Carol's socket must hold that and nothing else.",
       .causes = "the frame goes to all contacts of the sender; a room for each user instead of each chat",
       .depends_on = {"ISO-01"},
       .uses = {.users = 3, .chats = 2, .sockets = 2, .posts = 20},
       .findings = {{misrouted, circumstance::to_a_contact}}},
  };
}

}  // namespace conformance

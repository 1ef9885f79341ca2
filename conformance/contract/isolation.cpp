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
      // Here and not with its family: what a requirement depends on stands before it.
      {.id = "RT-09",
       .title = "the sender's own sockets are told as declared",
       .text = "A message comes on its sender's own sockets if the target file declares `delivery.echo`, and otherwise "
               "not.",
       .why =
           "A client that shows what it sent and then gets it as a frame shows it twice; one that waits for the frame "
           "shows nothing.",
       .check =
           "Alice and Bob are connected; she sends 20 messages to him, then he sends one to her as the fence. With an "
           "echo declared her socket must get all 20; without one it must hold the fence and nothing else.",
       .causes = "the frame goes to the room of the chat, in which the sender is, too",
       .depends_on = {"RT-01", "ISO-01"},
       .uses = {.users = 2, .chats = 1, .sockets = 2, .posts = 20},
       .findings = {{misrouted, circumstance::to_the_sender}}},
  };
}

}  // namespace conformance

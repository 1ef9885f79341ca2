#include "conformance/contract/families.hpp"

namespace conformance {

using enum ledger::finding_class;

std::vector<requirement> lifecycle_requirements() {
  return {
      {.id = "LIFE-01",
       .title = "ready means ready",
       .text =
           "A message whose POST begins after the socket said ready (or, where it says nothing, after the handshake) "
           "is delivered on it.",
       .why = "The client stops polling at this moment; a gap of milliseconds loses a message in a thousand.",
       .check =
           "Bob connects and Alice sends in the very turn in which ready is read. Thirty times, with a new pair each "
           "time. A message that is missing although a later one came on the same socket counts here, in every case.",
       .causes = "ready is sent before the subscription is confirmed; the socket is registered after a look-up",
       .depends_on = {"RT-01"},
       .uses = {.users = 60, .chats = 30, .sockets = 30, .posts = 60},
       .findings = {{lost, circumstance::right_after_ready}}},
      {.id = "LIFE-02",
       .title = "back after a proper close",
       .text = "After a socket was closed properly and another one opened, new messages arrive on it.",
       .why = "Every change of the page does this.",
       .check = "Bob connects, gets a message, closes, and connects again at once; ten messages, each after the one "
                "before arrived, must come on the new socket. Three times.",
       .causes = "the late clean-up of the old socket removes the new one; an entry by user instead of by socket",
       .depends_on = {"RT-01", "LIFE-01"},
       .uses = {.users = 2, .chats = 1, .sockets = 1, .posts = 33},
       .findings = {{lost, circumstance::after_reconnect}}},
      {.id = "LIFE-03",
       .title = "back after a broken connection",
       .text = "After a connection broke without a close frame and another one was opened, new messages arrive on it.",
       .why = "Every change from Wi-Fi to mobile does this.",
       .check = "As LIFE-02, but the connection is reset instead of closed.",
       .causes = "the dead socket stays in the map and swallows messages; it counts as the user's only one",
       .depends_on = {"RT-01", "LIFE-01", "LIFE-02"},
       .uses = {.users = 2, .chats = 1, .sockets = 1, .posts = 33},
       .findings = {{lost, circumstance::after_abort}}},
      {.id = "LIFE-04",
       .title = "still once after a hundred reconnects",
       .text = "After 100 reconnects of a user each message still arrives exactly once.",
       .why = "What leaks with each reconnect shows after a day in production, not in a test.",
       .check = "Bob connects and closes 100 times, each time with a message that must arrive; then ten more come on a "
                "last socket. A fence closes the count; a message doubled on any second socket of a user counts here.",
       .causes = "a handler or subscription that is added on each connect and never removed",
       .depends_on = {"RT-02", "LIFE-02"},
       .uses = {.users = 2, .chats = 1, .sockets = 1, .posts = 110},
       .findings = {{duplicated, circumstance::after_reconnect}, {duplicated, circumstance::after_abort}}},
  };
}

std::vector<requirement> device_requirements() {
  return {
      {.id = "DEV-01",
       .title = "every device gets every message",
       .text = "Each ready socket of a user gets each message exactly once.",
       .why = "A phone and a laptop are open at once; a message that only one of them shows is missed on the other.",
       .check =
           "Bob opens three sockets, one after another. Alice sends 20 messages and a fence: all must come on each "
           "of the three, once.",
       .causes = "a map from user to one socket: the last one wins",
       .belongs_to = tier::extended,
       .gate = "devices.many",
       .depends_on = {"RT-01", "RT-02"},
       .uses = {.users = 2, .chats = 1, .sockets = 3, .posts = 20},
       .findings = {{lost, circumstance::many_devices}, {duplicated, circumstance::many_devices}}},
  };
}

std::vector<requirement> socket_requirements() {
  return {
      {.id = "SOCK-03",
       .title = "sockets only receive",
       .text = "What a client writes to its socket in the shape of a message is stored nowhere and reaches nobody.",
       .why = "A second way in passes by every check that the first one makes.",
       .check =
           "Alice writes messages to her socket: in the format of the frames it gets, as Socket.IO events, as binary. "
           "She closes it, and the server's answer to that proves that all was read. Then a message by REST reaches "
           "Bob as a fence. Neither his socket nor the history may hold what was written, to the end of the run.",
       .causes = "a handler for client events left from a tutorial; a relay that passes on what it does not know",
       .belongs_to = tier::extended,
       .touches = impact::intrusive,
       .gate = "receive_only",
       .depends_on = {"RT-01", "MSG-02"},
       .uses = {.users = 2, .chats = 1, .sockets = 2, .posts = 7},
       .findings = {phantom}},
  };
}

}  // namespace conformance

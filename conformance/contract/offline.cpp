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
       .findings = {{replayed, circumstance::missed_before_connecting}}},
      {.id = "OFF-03",
       .title = "what was missed is never pushed",
       .text = "What was missed is not delivered on any later connection either, to the end of the run.",
       .why = "A queue that is flushed a little later surprises even more than one that is flushed at once.",
       .check = "Alice sends while Bob is offline. Bob connects, gets a fence and leaves, five times; the last socket "
                "stays open to the end of the run. Nothing of what was missed may come on any of them.",
       .causes = "an offline queue that is flushed by a timer or on the second connection; an outbox that is never "
                 "cleared",
       .depends_on = {"OFF-02"},
       .uses = {.users = 2, .chats = 1, .sockets = 1, .posts = 10},
       .findings = {{replayed, circumstance::missed_long_before}}},
      {.id = "OFF-04",
       .title = "nor in another guise",
       .text = "What was missed does not come inside any other frame: a greeting, a batch, a list of missed messages.",
       .why = "A replay under another name is a replay: the client shows it, and reads it again from the history.",
       .check =
           "Alice sends five messages while Bob is offline. Bob connects and gets a fence; then every frame that is "
           "not a message event is searched for the five bodies. One alone, the newest, may be a mention in a list "
           "of conversations and is remarked; more are a replay.",
       .causes = "the last twenty messages in a hello frame; a snapshot of the state on connect",
       .depends_on = {"OFF-02"},
       .uses = {.users = 2, .chats = 1, .sockets = 1, .posts = 6}},
      {.id = "OFF-05",
       .title = "leaving in the middle of a conversation",
       .text =
           "Around a disconnection each message is delivered at most once, over all sockets of a device, and is always "
           "in the history.",
       .why = "This is when most clients lose or double messages: the train enters a tunnel.",
       .check =
           "Alice sends without pause while Bob's socket is closed and opened again six times, every other time "
           "without a close frame. No message may come on a socket opened after it had come before, and all must be "
           "in the history once.",
       .causes = "frames that were not acknowledged are sent again after a reconnect; a message that was written to a "
                 "closing socket counts as delivered and is not stored",
       .depends_on = {"RT-01", "MSG-03", "OFF-02", "OFF-03"},
       .uses = {.users = 2, .chats = 1, .sockets = 1, .posts = 150},
       .findings = {{replayed, circumstance::around_a_disconnect}, missing_from_history}},
      {.id = "OFF-07",
       .title = "no gap between history and socket",
       .text = "Connect, wait for ready, then read the history: socket and history together miss nothing.",
       .why = "This is how every client comes back. A message that falls between the two is not seen until the next "
              "reload.",
       .check =
           "Alice sends without pause. Bob reads the history, connects, and on ready reads it again; after a fence "
           "each acknowledged message must be in that walk or have come on the socket. Twelve times.",
       .causes = "a cached history that is older than the socket's registration; the socket is registered after ready",
       .depends_on = {"RT-01", "RT-06", "MSG-03"},
       .uses = {.users = 2, .chats = 1, .sockets = 1, .posts = 150}},
  };
}

}  // namespace conformance

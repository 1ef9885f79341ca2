#include "conformance/contract/families.hpp"

namespace conformance {

using enum ledger::finding_class;

std::vector<requirement> realtime_requirements() {
  return {
      {.id = "RT-01",
       .title = "a connected peer gets the message",
       .text = "A message that was acknowledged while its recipient's socket was ready arrives on that socket.",
       .why =
           "This is what the socket is for. A loss here is silent: both sides believe that all is well until somebody "
           "reloads the page.",
       .check =
           "Bob is connected and ready before Alice sends. The message must arrive while the socket stays ready, "
           "within "
           "the patience of the run (10 s); a message overtaken by a later one of its chat, or by a fence, is lost at "
           "once. Every message of every case counts.",
       .causes =
           "the recipient's entry is missing from the socket map; the subscription is made after ready is announced; "
           "the event goes to the sender; the message is dropped when a queue is full",
       .depends_on = {"MSG-01"},
       .uses = {.users = 2, .chats = 1, .sockets = 1, .posts = 20},
       .findings = {lost, late, corrupted}},
      {.id = "RT-02",
       .title = "exactly one frame per message",
       .text =
           "Each socket of the recipient gets one frame for a message, never two, and none for a message that nobody "
           "sent.",
       .why = "A message shown twice makes people distrust all others; clients that sound an alert do it twice.",
       .check =
           "One sender posts 1,000 messages, 16 at a time, to a connected peer; frames are counted by message over the "
           "whole run, a fence closes the count.",
       .causes =
           "a handler registered again on each reconnect; a publish that is repeated after a time-out; the user in two "
           "rooms",
       .depends_on = {"RT-01"},
       .uses = {.users = 2, .chats = 1, .sockets = 1, .posts = 1000},
       .findings = {duplicated, phantom, refused_but_delivered}},
      {.id = "RT-03",
       .title = "messages arrive in order",
       .text = "Messages that one sender sends one after another in a chat arrive in that order.",
       .why = "\"Yes\" before the question it answers is another conversation.",
       .check = "Alice sends 200 messages, each after the acknowledgement of the one before; the frames on Bob's "
                "socket must "
                "keep that order.",
       .causes = "frames dispatched on a thread pool; one task per message; several publishers without a common order",
       .depends_on = {"RT-01"},
       .uses = {.users = 2, .chats = 1, .sockets = 1, .posts = 200},
       .findings = {reordered}},
  };
}

}  // namespace conformance

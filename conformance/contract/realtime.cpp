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
       .findings = {lost, late}},
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
       .findings = {duplicated, phantom}},
      {.id = "RT-03",
       .title = "messages arrive in order",
       .text = "Messages that one sender sends one after another in a chat arrive in that order.",
       .why = "\"Yes\" before the question it answers is another conversation.",
       .check = "Alice sends 150 messages, each after the acknowledgement of the one before; the frames on Bob's "
                "socket must "
                "keep that order.",
       .causes = "frames dispatched on a thread pool; one task per message; several publishers without a common order",
       .depends_on = {"RT-01"},
       .uses = {.users = 2, .chats = 1, .sockets = 1, .posts = 150},
       .findings = {{reordered, circumstance::one_after_another}}},
      {.id = "RT-05",
       .title = "the frame says what the history says",
       .text = "A frame holds the message's id, chat, sender, body and time, and they are those of the history, "
               "character by character.",
       .why = "The client shows the frame now and the history after a reload: what differs changes before the reader's "
              "eyes.",
       .check =
           "The texts of MSG-04 are sent to a connected peer; each frame is compared with the history's row of the "
           "same id. Every frame of every case is held to its checksum.",
       .causes = "frames escaped a second time; a serializer of their own for frames; fields left out",
       .depends_on = {"RT-01", "MSG-03"},
       .uses = {.users = 2, .chats = 1, .sockets = 1, .posts = 14},
       .findings = {{corrupted, circumstance::on_socket}}},
      {.id = "RT-06",
       .title = "what was pushed can be read",
       .text =
           "A message is pushed only when it was saved: a read of the history begun on receipt of the frame has it.",
       .why = "The client that reloads on a push gets a list without it; and what was pushed before a commit that then "
              "fails was never said.",
       .check =
           "300 messages are sent in six chats; on each frame the recipient reads the newest page of the history at "
           "once, and it must hold the message. If the race is lost with probability p, 300 trials see it with "
           "1-(1-p)^300: 95 % for p = 1 %.",
       .causes = "published from inside the transaction; reads from a replica that lags; a hook before the commit",
       .depends_on = {"RT-01", "MSG-03"},
       .uses = {.users = 12, .chats = 6, .sockets = 6, .posts = 300},
       .findings = {delivered_not_stored}},
      {.id = "RT-07",
       .title = "what was refused is not pushed",
       .text = "A message whose POST failed or was rolled back never comes on a socket.",
       .why = "The recipient reads and answers something that the sender was told did not go out.",
       .check =
           "While Bob is connected Alice sends what a server may refuse (blank, far too long, a number as body), "
           "with the run's tag in it where there is room. After a fence Bob's socket may hold nothing of what was not "
           "answered with a success.",
       .causes = "published inside a transaction that is rolled back; published first, validated later",
       .depends_on = {"RT-01"},
       .uses = {.users = 2, .chats = 1, .sockets = 1, .posts = 12},
       .findings = {refused_but_delivered}},
      {.id = "RT-12",
       .title = "a new chat reaches who is connected",
       .text = "The first message of a chat that was created after its recipient had connected is delivered.",
       .why = "This is how a stranger first speaks to somebody who is online.",
       .check = "Bob is connected and has just received a message of another chat. Alice creates a chat with him and "
                "sends: it must arrive. Ten times, with another creator each time.",
       .causes = "the chats of a user are looked up once, when the socket opens",
       .depends_on = {"RT-01"},
       .uses = {.users = 12, .chats = 11, .sockets = 1, .posts = 20},
       .findings = {lost}},
      {.id = "RT-15",
       .title = "frames come in the order of the history",
       .text =
           "While a sender posts on several connections at once, through every address of the target, the frames on "
           "each device of the recipient come in the order of the history.",
       .why = "Otherwise the conversation rearranges itself at the next reload.",
       .check =
           "Alice sends 160 messages on 8 connections at once to a connected peer (two devices where devices.many is "
           "claimed); ids, or the final history where ids say nothing, give the order that the frames must keep.",
       .causes =
           "ids are given before the commit, frames go out after it, and nothing orders the two; several processes "
           "publish without a lock",
       .depends_on = {"RT-03"},
       .uses = {.users = 2, .chats = 1, .sockets = 2, .posts = 160},
       .findings = {{reordered, circumstance::in_flight_together}}},
  };
}

}  // namespace conformance

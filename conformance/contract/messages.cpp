#include "conformance/contract/families.hpp"

namespace conformance {

using enum ledger::finding_class;

std::vector<requirement> message_requirements() {
  return {
      {.id = "MSG-01",
       .title = "a sent message is answered whole",
       .text = "Sending a message succeeds, and the answer holds its id, chat, sender (the caller), body and time, as "
               "far as "
               "the target file points at them.",
       .why = "The client shows the message from this answer; without the id it cannot tell the later frame or history "
              "row "
              "from a second message.",
       .check =
           "Alice creates a chat with Bob and sends one message; the answer is compared field by field with what was "
           "sent. The literal status 201 is asked for only of targets that claim contract.statuses, as a SHOULD.",
       .causes = "a serializer that leaves fields out; the answer built from the request instead of the stored row",
       .depends_on = {"CHAT-01"},
       .uses = {.users = 2, .chats = 1, .posts = 1}},
      {.id = "MSG-02",
       .title = "the sender reads the message back",
       .text = "The sender's next read of the history holds an acknowledged message exactly once.",
       .why = "A message that was answered with success and is not there is lost for good: nobody will send it again.",
       .check =
           "After each acknowledgement the sender walks the history; every acknowledged message must be there once.",
       .causes = "an insert that is only queued when the answer goes out; reads from a lagging replica; a cached list",
       .depends_on = {"MSG-01"},
       .uses = {.users = 2, .chats = 1, .posts = 3},
       .findings = {missing_from_history, repeated_in_history}},
      {.id = "MSG-03",
       .title = "the peer reads the message",
       .text = "The recipient's next read of the history holds an acknowledged message exactly once.",
       .why = "The recipient who was not connected has only the history.",
       .check =
           "After each acknowledgement the recipient walks the history; every acknowledged message must be there once.",
       .causes = "messages filtered by sender; messages that were delivered by socket and therefore not stored",
       .depends_on = {"MSG-01"},
       .uses = {.users = 2, .chats = 1, .posts = 3},
       .findings = {missing_from_history, repeated_in_history, delivered_not_stored}},
      {.id = "MSG-04",
       .title = "the text comes back as it was sent",
       .text = "The body of a message is read back exactly: no character is changed, added or dropped.",
       .why = "People send code, names in every script and emoji families; a server that trims, escapes or normalises "
              "destroys some of it for good.",
       .check = "A corpus of texts (astral and combining characters, right-to-left, joined emoji, U+2028, quotes, "
                "HTML, SQL, "
                "spaces at both ends) is sent; answer and history, read by both members, are compared character by "
                "character. Deliberate trimming or rendering is declared under deviations.",
       .causes = "HTML escaping or trimming on the way in; a column or connection that is not UTF-8; normalisation",
       .depends_on = {"MSG-02", "MSG-03"},
       .uses = {.users = 2, .chats = 1, .posts = 14},
       .findings = {{corrupted, circumstance::in_history}}},
      {.id = "MSG-05",
       .title = "the sender is who is logged in",
       .text = "A sender or user named in the request never becomes the message's sender: it is ignored or refused.",
       .why = "Otherwise anybody writes in anybody's name (OWASP API3).",
       .check =
           "Alice sends a message whose JSON also names Bob as sender, user, user_id, author and from. Either it is "
           "refused and not stored, or answer and history name Alice.",
       .causes = "the whole request is bound to the stored row (mass assignment)",
       .touches = impact::intrusive,
       .depends_on = {"MSG-02"},
       .uses = {.users = 2, .chats = 1, .posts = 6}},
      {.id = "MSG-13",
       .title = "a refused message is nowhere",
       .text =
           "A message that was answered with an error is not stored; one whose outcome is unknown is stored at most "
           "once.",
       .why = "The sender was told that it failed and sends again: the reader sees it twice, or sees what was refused.",
       .check =
           "Requests that a server may refuse (no body, a number, null, a list, blank, far too long, not JSON) are "
           "sent; whatever was not answered with a success must not add a row to the history, read by both members.",
       .causes = "the row is inserted before it is validated; an exception after the insert without a rollback",
       .depends_on = {"MSG-02", "MSG-03"},
       .uses = {.users = 2, .chats = 1, .posts = 9},
       .findings = {refused_but_stored}},
  };
}

}  // namespace conformance

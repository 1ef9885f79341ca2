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
       .findings = {missing_from_history, repeated_in_history, refused_but_stored}},
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
  };
}

}  // namespace conformance

#include "conformance/contract/families.hpp"

namespace conformance {

std::vector<requirement> chat_requirements() {
  return {
      {.id = "CHAT-01",
       .title = "a chat is answered whole",
       .text = "Creating a chat with another user succeeds, and the answer holds the chat's id and both participants.",
       .why = "Everything else is addressed by this id; a client that does not get it cannot send a word.",
       .check = "Alice creates a chat with Bob. The answer must be a success with an id, and name exactly the two of "
                "them. The literal status 201 is a SHOULD of targets that claim contract.statuses.",
       .causes = "the answer is made from the request; the participants are added after the chat was serialised",
       .uses = {.users = 2, .chats = 1}},
      {.id = "CHAT-02",
       .title = "the creator finds the chat in the list",
       .text = "The creator's next read of the list of chats shows the new chat exactly once.",
       .why = "A chat that is not in the list is created again and again.",
       .check =
           "Alice reads her list, creates a chat with Bob and reads the list again at once, all pages. One row must "
           "be theirs. Three times, with another peer each time.",
       .causes = "a cached list; a list that is filled in the background; a join that multiplies rows",
       .depends_on = {"CHAT-01"},
       .uses = {.users = 4, .chats = 3}},
      {.id = "CHAT-03",
       .title = "the peer finds the chat in the list",
       .text = "The peer's next read of the list of chats shows the new chat exactly once, too.",
       .why = "The peer did not create the chat: the list is the only place where it can learn of it while offline.",
       .check =
           "Bob reads his list, Alice creates a chat with him, and Bob reads again at once, all pages. One row must "
           "be theirs. Three times, with another creator each time.",
       .causes = "the list is filtered by creator; the peer's membership is written later",
       .depends_on = {"CHAT-02"},
       .uses = {.users = 4, .chats = 3}},
      {.id = "CHAT-04",
       .title = "others do not see the chat",
       .text = "The list of chats of anybody else never holds the chat.",
       .why = "Who talks with whom is nobody else's business.",
       .check =
           "Mallory has a chat of his own with Dave. Alice creates one with Bob. All pages of Mallory's list, read "
           "afterwards, must show his own chat (so that the list is known to work) and nothing of theirs.",
       .causes = "the list is not filtered by participant; the filter is left to the client",
       .depends_on = {"CHAT-01"},
       .uses = {.users = 4, .chats = 2}},
      {.id = "CHAT-05",
       .title = "one id everywhere",
       .text = "The id of the answer to the creation works for sending and reading, and is the id that the list shows.",
       .why = "A client that starts from the list must reach the same messages as one that created the chat.",
       .check =
           "Alice creates a chat, sends a message by the id of the answer, and reads the list: the row of this chat "
           "must carry the same id, and the history by it must hold the message.",
       .causes = "public and internal ids mixed up; the id of the membership row in place of the chat's",
       .depends_on = {"CHAT-02"},
       .uses = {.users = 2, .chats = 1, .posts = 1}},
  };
}

}  // namespace conformance

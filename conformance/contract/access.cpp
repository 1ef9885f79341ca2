#include "conformance/contract/families.hpp"

namespace conformance {

std::vector<requirement> access_requirements() {
  return {
      {.id = "AUTH-01",
       .title = "no credential, no answer",
       .text = "A request without a credential is refused on all four actions: create chat, list chats, send, history.",
       .why = "One forgotten decorator makes every conversation public.",
       .check =
           "Alice has a chat with Bob and one message in it; the four requests are sent without any credential. Each "
           "must be refused as declared (401 or 403 by default), show nothing of the message and store nothing.",
       .causes = "an authentication check per view, forgotten in one; an anonymous user who gets empty lists",
       .usual_owner = owner::framework,
       .depends_on = {"MSG-01"},
       .uses = {.users = 3, .chats = 1, .posts = 2},
       .findings = {ledger::finding_class::refused_but_stored}},
      {.id = "AUTH-02",
       .title = "a bad token is no token",
       .text = "A token that is garbage, expired, signed with another key or unsigned (alg none) is refused.",
       .why = "A token that cannot expire or be forged at will is a password that everybody knows.",
       .check =
           "List chats and history are asked for with the bad token; both must be refused as declared (401 or 403 by "
           "default) while the same requests with the good token succeed.",
       .causes =
           "the expiry is not checked; the algorithm is taken from the token's own header; the signature is decoded "
           "but not verified",
       .usual_owner = owner::framework,
       .depends_on = {"MSG-01"},
       .uses = {.users = 2, .chats = 1, .posts = 1},
       .variants = {"garbage", "expired", "wrong-key", "alg-none"}},
      {.id = "AUTH-04",
       .title = "a stranger cannot read a chat",
       .text =
           "The history of a chat is refused to everybody but its two members, and the refusal shows nothing of it.",
       .why =
           "Chat ids are easy to guess; without the membership check every conversation can be read by anybody who is "
           "logged in (OWASP API1).",
       .check =
           "Mallory, logged in and in another chat, asks for the history of Alice and Bob's chat. The answer must be "
           "403 or 404 (or as declared), and no header or byte of the body may hold the message.",
       .causes = "the chat is looked up by id alone; membership is checked in the list but not in the detail view",
       .depends_on = {"MSG-01"},
       .uses = {.users = 4, .chats = 2, .posts = 2}},
  };
}

}  // namespace conformance

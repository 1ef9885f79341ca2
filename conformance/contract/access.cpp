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
      {.id = "AUTH-05",
       .title = "a stranger cannot write into a chat",
       .text = "Sending into a chat of others is refused, stores nothing and reaches nobody.",
       .why = "Anybody who guesses an id could put words into a conversation of others (OWASP API1).",
       .check =
           "Bob and Alice are connected. Mallory sends into their chat: the answer must be 403 or 404 (or as "
           "declared). After a fence on each socket neither may have got the text, and their history must not hold it.",
       .causes = "membership is checked for reading only; the chat is looked up by id alone",
       .touches = impact::intrusive,
       .depends_on = {"RT-01"},
       .uses = {.users = 3, .chats = 1, .sockets = 2, .posts = 3}},
      {.id = "AUTH-09",
       .title = "no socket without a valid token",
       .text = "A socket opened without a valid token is refused or closed; no chat event ever comes on it.",
       .why = "A socket that is let in first and checked later is a window into somebody's conversations.",
       .check =
           "Sockets are opened without a credential and with Bob's token in bad variants (garbage, expired, another "
           "key, unsigned). Then Alice sends to Bob, whose own socket must get it. None of the bad ones may have "
           "become ready or got a message; one that merely stays open and silent is a SHOULD.",
       .causes = "the token is checked by the first message instead of the handshake; the expiry is not checked there",
       .usual_owner = owner::framework,
       .depends_on = {"RT-01", "AUTH-02"},
       .uses = {.users = 2, .chats = 1, .sockets = 6, .posts = 2}},
      {.id = "AUTH-10",
       .title = "the token decides who is listening",
       .text = "A socket receives for the user of its token, whatever else the request claims.",
       .why = "A user id in the address that is believed lets everybody read everybody's messages.",
       .check = "Mallory connects with his own token and claims to be Bob, in the query and in headers. Alice sends to "
                "Bob, whose own socket gets it; then Dave sends to Mallory. The sockets that were let in must have got "
                "Dave's message and nothing of Bob's.",
       .causes = "the room is joined by ?user_id=; a header that a proxy was meant to set",
       .touches = impact::intrusive,
       .depends_on = {"RT-01", "ISO-01"},
       .uses = {.users = 5, .chats = 2, .sockets = 4, .posts = 6}},
  };
}

}  // namespace conformance

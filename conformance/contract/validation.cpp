#include "conformance/contract/families.hpp"

namespace conformance {

std::vector<requirement> validation_requirements() {
  return {
      {.id = "VAL-13",
       .title = "a chat that does not exist",
       .text = "Asked for a chat by an id that none has, the server says so, whatever the id looks like: never an "
               "internal error, never an empty success.",
       .why = "A mistyped or outdated link is everyday; an internal error for it hides the real ones from whoever "
              "watches them, and an empty history tells the reader that everything is gone.",
       .check =
           "Alice asks for the history of chats that do not exist, and sends into them: by an id of the usual form "
           "that no chat has (404, or as errors.missing says; 400, 403, 410 and 422 will do, too), and by a word, "
           "a negative number and one beyond 64 bits (the same, or as errors.bad_input says). Her own chat must be "
           "as it was.",
       .causes = "the id goes to the database unparsed, and its cast fails; an overflow that is not looked at; a list "
                 "that is filtered by the id without a look whether there is such a chat",
       .belongs_to = tier::hardening,
       .depends_on = {"MSG-01", "MSG-02"},
       .uses = {.users = 2, .chats = 1, .posts = 5}},
  };
}

}  // namespace conformance

#include "conformance/contract/families.hpp"

namespace conformance {

using enum ledger::finding_class;

std::vector<requirement> page_requirements() {
  return {
      {.id = "PAGE-01",
       .title = "the history has one order",
       .text = "Each walk through a history shows its messages in the same order, whoever walks and however long the "
               "pages are, and messages that were sent one after another stand in that order.",
       .why = "Two people who read the same conversation in two orders do not read the same conversation.",
       .check = "Alice sends 25 messages, each after the answer to the one before. Both members walk the history in "
                "pages of 7, 10 and 200; every walk must give the 25 in the order of sending.",
       .causes = "no ORDER BY; an order by a time stamp that several messages share",
       .depends_on = {"MSG-02", "MSG-03"},
       .uses = {.users = 2, .chats = 1, .posts = 25}},
      {.id = "PAGE-02",
       .title = "a walk misses nothing and repeats nothing",
       .text = "Following the pages to their end gives every message exactly once.",
       .why =
           "What lies on the edge of a page is lost or shown twice, and nobody sees it in a test with three messages.",
       .check =
           "25 messages are read in pages of 7, so that the last page is not full, and in pages of 5, so that it is: "
           "forward from the beginning and backward from the newest, by both members.",
       .causes = ">= in place of > at the edge of a page; the cursor is the first row of the next page",
       .depends_on = {"MSG-02", "MSG-03"},
       .uses = {.users = 2, .chats = 1, .posts = 25},
       .findings = {missing_from_history, repeated_in_history}},
  };
}

}  // namespace conformance

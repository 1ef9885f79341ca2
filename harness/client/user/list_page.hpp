// Reading the answers of described actions. Pure.
#pragma once

#include "harness/client/target/rest_description.hpp"
#include "harness/client/user/message.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace client {

struct list_row {
  message value;
  std::vector<std::string> participants;  // of a chat
};

struct list_page {
  std::vector<list_row> rows;       // as they came, without what the filter leaves out
  std::size_t items = 0;            // with it
  std::string cursor;               // before, after: of the item where the next page begins; empty without items
  std::optional<std::string> next;  // next_link, token
};

checked<message> read_sent(const send_action& by, std::string_view body);
checked<list_page> read_list_page(const list_action& by, std::string_view body);

// What a person reads in a rendered text: entities and line breaks resolved, tags left out.
std::string plain_of_html(std::string_view html);

}  // namespace client

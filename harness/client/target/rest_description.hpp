// The REST actions of a target whose shapes are not the reference's. Plain data.
#pragma once

#include "harness/client/target/http_step.hpp"
#include "harness/client/target/json_pointer.hpp"

#include <cstdint>
#include <optional>

namespace client {

// How two users come to have a chat.
struct create_action {
  http_steps steps;         // none: nothing is to be done
  text_template id;         // what names the chat in requests and frames, for the one who asks
  bool repeat_same = true;  // creating it again gives the same chat
};

// Where the parts of a message or a chat are, in one item.
struct item_pointers {
  json_pointer id;
  std::optional<json_pointer> text;
  std::optional<json_pointer> sender;
  std::optional<json_pointer> time;
  std::optional<json_pointer> chat;
  std::optional<json_pointer> participants;  // of a chat: a list of ids
};

struct paging {
  enum class style : std::uint8_t { none, offset, page, before, after, next_link, token };
  enum class ending : std::uint8_t { empty_page, short_page, null };
  style by = style::none;
  std::uint64_t first = 1;             // page, offset
  std::uint64_t size = 50;             // asked for; the server may give fewer
  bool to_older = true;                // where the pages lead
  std::optional<json_pointer> next;    // next_link, token: where to; else null at the end
  std::optional<json_pointer> cursor;  // before, after: in an item, else its id
  ending end = ending::empty_page;
};

struct list_action {
  http_step request;
  json_pointer items;               // a list
  std::optional<json_pointer> map;  // the items are keys of this object
  item_pointers item;
  std::optional<json_pointer> only;  // client-side filter: an item counts when this …
  std::string only_equals;           // … is that
  bool html = false;                 // texts are rendered
  bool newest_first = false;         // inside of a page
  paging pages;
};

struct send_action {
  http_step request;
  item_pointers item;
};

struct rest_description {
  create_action create_chat;
  std::optional<list_action> list_chats;  // nothing: not claimed
  std::optional<send_action> send;
  std::optional<list_action> history;
};

}  // namespace client

// The keys below rest: of a target file.
#include "harness/client/target/sections.hpp"
#include "harness/client/target/template_reader.hpp"
#include "harness/client/target/values.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace client {

namespace {

template <class Into>
reader::key pointer_key(reader& read, const std::string& where, std::string_view name, Into& into,
                        bool required = false) {
  return {
      name,
      [&read, &into, where, name](const tree& v) { into = read_pointer(read, v, fmt::format("{}.{}", where, name)); },
      required};
}

void add_item_keys(reader& read, const std::string& where, item_pointers& out, std::vector<reader::key>& keys) {
  keys.push_back(pointer_key(read, where, "id", out.id, true));
  keys.push_back(pointer_key(read, where, "sender", out.sender));
  keys.push_back(pointer_key(read, where, "time", out.time));
  keys.push_back(pointer_key(read, where, "chat", out.chat));
  keys.push_back(pointer_key(read, where, "participants", out.participants));
}

void read_pages(reader& read, const tree& node, const std::string& where, list_action& out) {
  using style = paging::style;
  paging& pages = out.pages;
  bool directed = false;
  bool ended = false;
  bool linked = false;
  const auto number = [&](std::string_view key, std::uint64_t least, std::uint64_t& into) {
    return [&read, &into, here = fmt::format("{}.{}", where, key), least](const tree& v) {
      const std::string text = read.text(v, here);
      if (read.problem()) return;
      const auto count = parse_count(text);
      if (!count || *count < least) {
        return read.fail(v.at, fmt::format("{} is '{}'", here, text), fmt::format("a number, {} or more", least));
      }
      into = *count;
    };
  };
  bool began = false;
  read.map(
      node, where,
      {{"style",
        [&](const tree& v) {
          pages.by = static_cast<style>(
              read.word(v, where + ".style", {"none", "offset", "page", "before", "after", "next_link", "token"}));
        },
        true},
       {"first",
        [&](const tree& v) {
          began = true;
          number("first", 0, pages.first)(v);
        }},
       {"size", number("size", 1, pages.size)},
       {"direction",
        [&](const tree& v) {
          directed = true;
          pages.to_older = read.word(v, where + ".direction", {"older", "newer"}) == 0;
        }},
       {"next",
        [&](const tree& v) {
          linked = true;
          if (v.kind == tree::kind::scalar) {
            pages.next = read_pointer(read, v, where + ".next");
          } else {
            read.map(v, where + ".next",
                     {{"pointer", [&](const tree& w) { pages.next = read_pointer(read, w, where + ".next.pointer"); },
                       true}});
          }
        }},
       pointer_key(read, where, "cursor", pages.cursor),
       {"end", [&](const tree& v) {
          ended = true;
          pages.end = paging::ending::null;
          if (v.kind == tree::kind::nothing) return;  // null without quotes
          pages.end = static_cast<paging::ending>(read.word(v, where + ".end", {"empty_page", "short_page", "null"}));
        }}});
  if (read.problem()) return;
  const bool by_answer = pages.by == style::next_link || pages.by == style::token;
  if (by_answer && !linked) {
    read.fail(node.at, fmt::format("{} has no next", where), "", "add next: { pointer: /next }");
  } else if (!linked && pages.end == paging::ending::null) {
    read.fail(node.at, fmt::format("{} has end: null without next", where), "next: { pointer: /next } beside it");
  }
  if (pages.by == style::offset && !began) pages.first = 0;
  if (!ended && linked) pages.end = paging::ending::null;
  if (!directed) pages.to_older = pages.by == style::before || (pages.by != style::after && out.newest_first);
}

void read_only(reader& read, const tree& node, const std::string& where, list_action& out) {
  read.map(node, where,
           {pointer_key(read, where, "pointer", out.only, true),
            {"equals", [&](const tree& v) { out.only_equals = read.text(v, where + ".equals"); }, true}});
}

// Inside of a page the order matters to the direction, wherever the two stand in the file.
void read_list(reader& read, const tree& node, const std::string& where, bool of_messages, list_action& out) {
  const tree* pages = nullptr;
  out.request.at = node.at;
  out.request.where = where;
  auto keys = step_keys(read, where, out.request);
  keys.push_back(pointer_key(read, where, "items", out.items, true));
  keys.push_back(pointer_key(read, where, "map", out.map));
  add_item_keys(read, where, out.item, keys);
  keys.push_back({"only", [&](const tree& v) { read_only(read, v, where + ".only", out); }});
  if (of_messages) {
    keys.push_back(pointer_key(read, where, "text", out.item.text, true));
    keys.push_back({"rendering", [&](const tree& v) {
                      out.html = read.word(v, where + ".rendering", {"plain", "html"}) == 1;
                    }});
    keys.push_back({"order", [&](const tree& v) {
                      out.newest_first = read.word(v, where + ".order", {"oldest_first", "newest_first"}) == 1;
                    }});
    // `text` is the body of a step elsewhere; a history is read with a pointer there.
    std::erase_if(keys, [&](const reader::key& k) { return k.name == "text" && !k.required; });
  } else {
    std::erase_if(keys, [](const reader::key& k) { return k.name == "text"; });
  }
  keys.push_back({"pages", [&](const tree& v) { pages = &v; }});
  read.map(node, where, keys);
  if (!read.problem() && pages != nullptr) read_pages(read, *pages, where + ".pages", out);
}

void read_create(reader& read, const tree& node, create_action& out) {
  bool named = false;
  read.map(node, "rest.create_chat",
           {{"steps", [&](const tree& v) { out.steps = read_http_steps(read, v, "rest.create_chat.steps"); }},
            {"id",
             [&](const tree& v) {
               named = true;
               out.id = read_template(read, v, "rest.create_chat.id");
             }},
            {"repeat", [&](const tree& v) {
               out.repeat_same = read.word(v, "rest.create_chat.repeat", {"same", "new"}) == 0;
             }}});
  if (!read.problem() && !named) {
    read.fail(node.at, "rest.create_chat has no id", "",
              "add id: \"${chat_id}\", with chat_id captured by a step, or id: \"${peer.name}\" without steps");
  }
}

void read_send(reader& read, const tree& node, send_action& out) {
  const std::string where = "rest.send";
  out.request.at = node.at;
  out.request.where = where;
  auto keys = step_keys(read, where, out.request);
  add_item_keys(read, where, out.item, keys);
  // The body's text is `text` of the step, as elsewhere; of the answer it is `body`.
  keys.push_back(pointer_key(read, where, "body", out.item.text));
  read.map(node, where, keys);
}

}  // namespace

void read_rest(reader& read, const tree& node, rest_description& out) {
  out.create_chat.id = {};
  out.create_chat.id.add({.from = space::peer, .name = "id"});
  read.map(
      node, "rest",
      {{"create_chat", [&](const tree& v) { read_create(read, v, out.create_chat); }},
       {"list_chats", [&](const tree& v) { read_list(read, v, "rest.list_chats", false, out.list_chats.emplace()); }},
       {"send", [&](const tree& v) { read_send(read, v, out.send.emplace()); }, true},
       {"history", [&](const tree& v) { read_list(read, v, "rest.history", true, out.history.emplace()); }}});
}

}  // namespace client

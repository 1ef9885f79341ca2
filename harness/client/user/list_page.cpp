#include "harness/client/user/list_page.hpp"

#include "harness/client/user/step_request.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>

namespace client {

namespace json = boost::json;

namespace {

std::string text_at(const std::optional<json_pointer>& at, const json::value& in) {
  const json::value* found = at ? at->find(in) : nullptr;
  return found == nullptr ? std::string() : as_text(*found).value_or("");
}

checked<message> read_item(const item_pointers& at, const json::value& item) {
  const json::value* id = at.id.find(item);
  const auto text = id == nullptr ? std::nullopt : as_text(*id);
  if (!text || text->empty()) return reason{fmt::format("there is no id at '{}'", at.id.text())};
  message out;
  out.id = *text;
  out.body = text_at(at.text, item);
  out.sender = text_at(at.sender, item);
  out.created_at = text_at(at.time, item);
  out.chat_id = text_at(at.chat, item);
  return out;
}

std::vector<std::string> participants_of(const item_pointers& at, const json::value& item) {
  std::vector<std::string> out;
  const json::value* found = at.participants ? at.participants->find(item) : nullptr;
  const json::array* list = found == nullptr ? nullptr : found->if_array();
  if (list == nullptr) return out;
  for (const json::value& each : *list) {
    if (auto text = as_text(each)) out.push_back(std::move(*text));
  }
  return out;
}

void append_utf8(std::string& onto, std::uint32_t code) {
  if (code < 0x80) {
    onto += static_cast<char>(code);
  } else if (code < 0x800) {
    onto += static_cast<char>(0xC0U | code >> 6U);
    onto += static_cast<char>(0x80U | (code & 0x3FU));
  } else if (code < 0x10000) {
    onto += static_cast<char>(0xE0U | code >> 12U);
    onto += static_cast<char>(0x80U | (code >> 6U & 0x3FU));
    onto += static_cast<char>(0x80U | (code & 0x3FU));
  } else if (code < 0x110000) {
    onto += static_cast<char>(0xF0U | code >> 18U);
    onto += static_cast<char>(0x80U | (code >> 12U & 0x3FU));
    onto += static_cast<char>(0x80U | (code >> 6U & 0x3FU));
    onto += static_cast<char>(0x80U | (code & 0x3FU));
  }
}

bool append_entity(std::string& onto, std::string_view name) {
  struct known {
    std::string_view name;
    std::string_view text;
  };
  static constexpr std::array<known, 6> named{
      {{"amp", "&"}, {"lt", "<"}, {"gt", ">"}, {"quot", "\""}, {"apos", "'"}, {"nbsp", "\xC2\xA0"}}};
  for (const known& each : named) {
    if (each.name == name) {
      onto += each.text;
      return true;
    }
  }
  if (!name.starts_with('#')) return false;
  name.remove_prefix(1);
  const bool is_hex = name.starts_with('x') || name.starts_with('X');
  if (is_hex) name.remove_prefix(1);
  std::uint32_t code = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), code, is_hex ? 16 : 10);
  if (name.empty() || error != std::errc() || end != name.data() + name.size()) return false;
  append_utf8(onto, code);
  return true;
}

}  // namespace

std::string plain_of_html(std::string_view html) {
  std::string out;
  for (std::size_t i = 0; i < html.size(); ++i) {
    const char c = html[i];
    if (c == '<') {
      const auto end = html.find('>', i);
      if (end == std::string_view::npos) return out.append(html.substr(i));
      const std::string_view tag = html.substr(i + 1, end - i - 1);
      const bool breaks = tag.starts_with("br") || tag.starts_with("BR");
      const bool next_paragraph = tag == "/p" && html.find("<p", end) != std::string_view::npos;
      if (breaks || next_paragraph) out += '\n';
      i = end;
    } else if (c == '&') {
      const auto end = html.find(';', i);
      if (end != std::string_view::npos && end - i < 10 && append_entity(out, html.substr(i + 1, end - i - 1))) {
        i = end;
      } else {
        out += c;
      }
    } else {
      out += c;
    }
  }
  return out;
}

checked<message> read_sent(const send_action& by, std::string_view body) {
  const auto value = read_json(body);
  if (!value) return value.error();
  return read_item(by.item, *value);
}

checked<list_page> read_list_page(const list_action& by, std::string_view body) {
  const auto value = read_json(body);
  if (!value) return value.error();
  const json::value* found = by.items.find(*value);
  const json::array* list = found == nullptr ? nullptr : found->if_array();
  if (list == nullptr) return reason{fmt::format("there is no list at '{}'", by.items.text())};
  const json::value* map = by.map ? by.map->find(*value) : nullptr;
  const json::object* values = map == nullptr ? nullptr : map->if_object();
  if (by.map && values == nullptr && !list->empty()) {
    return reason{fmt::format("there is no object at '{}'", by.map->text())};
  }

  list_page out;
  out.items = list->size();
  const bool oldest_counts = by.pages.by == paging::style::before;
  const bool last_counts = oldest_counts == by.newest_first;  // before: the oldest of the page; after: the newest
  for (const json::value& each : *list) {
    const json::value* item = &each;
    if (values != nullptr) {
      const auto key = as_text(each);
      item = key ? values->if_contains(json::string_view(key->data(), key->size())) : nullptr;
      if (item == nullptr) return reason{fmt::format("the item {} is not at '{}'", key.value_or(""), by.map->text())};
    }
    if (out.cursor.empty() || last_counts) {
      const auto cursor = text_at(by.pages.cursor ? by.pages.cursor : std::optional(by.item.id), *item);
      if (!cursor.empty()) out.cursor = cursor;
    }
    if (by.only && text_at(by.only, *item) != by.only_equals) continue;
    auto row = read_item(by.item, *item);
    if (!row) return row.error();
    if (by.html) row->body = plain_of_html(row->body);
    out.rows.push_back({std::move(*row), participants_of(by.item, *item)});
  }
  const json::value* next = by.pages.next ? by.pages.next->find(*value) : nullptr;
  if (next != nullptr && !(next->is_bool() && !next->get_bool())) {
    out.next = as_text(*next);
    if (out.next && out.next->empty()) out.next.reset();
  }
  return out;
}

}  // namespace client

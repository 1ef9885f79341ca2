#include "harness/client/user/paths.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace client {

namespace {

// Ids are opaque: what is not unreserved (RFC 3986) is percent-encoded.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
                       c == '.' || c == '_' || c == '~';
    if (plain) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

}  // namespace

std::string chats_path() {
  return "/api/v1/chats/";
}
std::string chat_path(std::string_view chat_id) {
  return chats_path() + escaped(chat_id) + "/";
}
std::string messages_path(std::string_view chat_id) {
  return chat_path(chat_id) + "messages/";
}
std::string message_path(std::string_view chat_id, std::string_view message_id) {
  return messages_path(chat_id) + escaped(message_id) + "/";
}

std::string query_text(const history_query& query) {
  std::string out;
  const auto add = [&](std::string_view name, std::string_view value) {
    out += out.empty() ? '?' : '&';
    out.append(name).append("=").append(escaped(value));
  };
  if (query.limit) add("limit", std::to_string(*query.limit));
  if (query.after) add("after", *query.after);
  if (query.before) add("before", *query.before);
  return out;
}

checked<std::string> follow(const target& target, std::string_view current, std::string_view next) {
  const std::string shown(next.substr(0, 200));
  if (next.empty() ||
      std::any_of(next.begin(), next.end(), [](char c) { return static_cast<unsigned char>(c) <= 0x20; })) {
    return reason{"the link '" + shown + "' is empty or holds a blank"};
  }
  // By name: a reason could be made of a string too.
  const auto leads_to = [](std::string path) {
    return checked<std::string>(boost::system::in_place_value, std::move(path));
  };
  if (next.starts_with('?')) return leads_to(std::string(current.substr(0, current.find('?'))) + std::string(next));

  std::string path(next);
  const url* base = &target.base_urls.front();
  if (!next.starts_with('/') || next.starts_with("//")) {
    const auto whole = parse_url(next);
    if (!whole) return reason{"the link '" + shown + "' " + whole.error().clause};
    const auto same = [&](const url& own) {
      return own.scheme == whole->scheme && own.host == whole->host && own.port == whole->port;
    };
    const auto found = std::find_if(target.base_urls.begin(), target.base_urls.end(), same);
    if (found == target.base_urls.end()) return reason{"the link '" + shown + "' leads away from the target"};
    base = &*found;
    path = whole->path;
  }
  // The connection puts the base path before every request; a link holds it already.
  const std::string_view prefix = base_path(*base);
  if (!prefix.empty() && path.starts_with(prefix)) path.erase(0, prefix.size());
  if (!path.starts_with('/')) return reason{"the link '" + shown + "' leads away from the base URL"};
  return leads_to(std::move(path));
}

}  // namespace client

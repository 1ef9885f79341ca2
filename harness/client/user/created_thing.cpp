#include "harness/client/user/created_thing.hpp"

#include "harness/client/target/values.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <boost/json.hpp>

#include <algorithm>
#include <set>

namespace client {

namespace json = boost::json;

namespace {

std::string_view name_of(created_thing::kind kind) {
  return kind == created_thing::kind::user ? "user" : "chat";
}

json::object write_maker(const maker& who) {
  return {{"id", who.id}, {"name", who.name}, {"row", who.row}};
}

maker read_maker(const json::value& from) {
  return {.name = std::string(from.at("name").as_string()),
          .row = from.at("row").to_number<std::uint64_t>(),
          .id = std::string(from.at("id").as_string())};
}

json::object write_variable(const variable& value) {
  return {{"text", value.text}, {"bare", value.bare}};
}

variable read_variable(const json::value& from) {
  return {std::string(from.at("text").as_string()), from.at("bare").as_bool()};
}

std::string written(jwt::wall_time at) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(at.time_since_epoch().count()));
}

json::object first_members(const created_thing& thing) {
  json::object out{{"kind", name_of(thing.is)}, {"id", thing.id.text}};
  if (thing.id.bare) out["bare"] = true;
  out["user"] = write_maker(thing.by);
  return out;
}

created_thing read_thing(const json::object& from) {
  created_thing out;
  out.is = from.at("kind").as_string() == "user" ? created_thing::kind::user : created_thing::kind::chat;
  out.id = {std::string(from.at("id").as_string()), from.contains("bare")};
  out.by = read_maker(from.at("user"));
  if (const auto* peer = from.if_contains("peer")) out.peer = read_maker(*peer);
  if (const auto* captured = from.if_contains("captured")) {
    for (const auto& [name, value] : captured->as_object()) out.captured.emplace_back(name, read_variable(value));
  }
  return out;
}

}  // namespace

std::string created_thing::key() const {
  // A row of the target's users has another name in the first steps than in the run itself.
  if (is == kind::chat) return fmt::format("chat {} {}", by.id, id.text);
  return fmt::format("user {} {}", by.row, by.name);
}

std::string created_line(const created_thing& thing) {
  json::object out = first_members(thing);
  if (thing.peer) out["peer"] = write_maker(*thing.peer);
  if (!thing.captured.empty()) {
    json::object captured;
    for (const auto& [name, value] : thing.captured) captured[name] = write_variable(value);
    out["captured"] = std::move(captured);
  }
  out["at"] = written(thing.at);
  return json::serialize(out) + "\n";
}

std::string removed_line(const created_thing& thing, jwt::wall_time at) {
  json::object out = first_members(thing);
  out["removed"] = written(at);
  return json::serialize(out) + "\n";
}

std::vector<created_thing> left_of(std::string_view lines) {
  std::vector<created_thing> made;
  std::set<std::string> seen;
  std::set<std::string> removed;
  while (!lines.empty()) {
    const auto end = std::min(lines.find('\n'), lines.size());
    const std::string_view line = lines.substr(0, end);
    lines.remove_prefix(std::min(end + 1, lines.size()));
    try {
      const json::value read = json::parse(json::string_view(line.data(), line.size()));
      created_thing thing = read_thing(read.as_object());
      std::string key = thing.key();
      if (read.as_object().contains("removed")) {
        removed.insert(std::move(key));
      } else if (seen.insert(std::move(key)).second) {
        made.push_back(std::move(thing));
      }
    } catch (const std::exception&) {  // half a line
      continue;
    }
  }
  std::erase_if(made, [&](const created_thing& each) { return removed.contains(each.key()); });
  return made;
}

std::vector<std::pair<std::string, variable>> worth_keeping(const target& target, const variables& captured) {
  std::vector<slot> wanted;
  for (const http_step& step : target.cleanup) {
    for (slot& each : step.path.slots()) wanted.push_back(std::move(each));
  }
  if (target.login.id) {
    for (slot& each : target.login.id->slots()) wanted.push_back(std::move(each));
  }
  std::vector<std::pair<std::string, variable>> out;
  for (const auto& [name, value] : captured.all()) {
    if (name == "id" || speaks_of_a_secret(name) || std::ranges::count(target.secrets, value.text) > 0) continue;
    if (std::ranges::any_of(wanted, [&](const slot& each) { return each.name == name; })) out.emplace_back(name, value);
  }
  return out;
}

std::string in_words(const std::vector<created_thing>& things) {
  const auto users = std::ranges::count(things, created_thing::kind::user, &created_thing::is);
  const auto chats = static_cast<std::ptrdiff_t>(things.size()) - users;
  const auto words = [](std::ptrdiff_t n, std::string_view one) {
    return n == 0 ? std::string() : fmt::format("{} {}{}", n, one, n == 1 ? "" : "s");
  };
  if (things.empty()) return "nothing";
  return fmt::format("{}{}{}", words(chats, "chat"), chats > 0 && users > 0 ? " and " : "", words(users, "user"));
}

}  // namespace client

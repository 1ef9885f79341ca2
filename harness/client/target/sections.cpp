#include "harness/client/target/sections.hpp"

#include "harness/client/target/features.hpp"
#include "harness/client/target/values.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace client {

namespace {

bool is_name(std::string_view name) {
  const auto fits = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
  };
  return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), fits);
}

// RT-09 or RT-09[socketio].
bool is_requirement_id(std::string_view id) {
  const auto is_upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto bracket = id.find('[');
  if (bracket != std::string_view::npos) {
    if (id.back() != ']' || id.size() < bracket + 3) return false;
    id = id.substr(0, bracket);
  }
  const auto dash = id.find('-');
  if (dash == std::string_view::npos || dash < 2 || id.size() - dash < 3) return false;
  const auto letters = id.substr(0, dash);
  const auto digits = id.substr(dash + 1);
  return std::all_of(letters.begin(), letters.end(), is_upper) && std::all_of(digits.begin(), digits.end(), is_digit);
}

void read_features(reader& read, const tree& node, std::vector<std::string>& out) {
  std::vector<std::string_view> names;
  for (const feature& known : known_features) names.push_back(known.name);
  read.list(node, "features", [&](const tree& item) {
    const std::size_t index = read.word(item, "a feature", names);
    if (read.problem()) return;
    if (std::find(out.begin(), out.end(), names[index]) == out.end()) out.emplace_back(names[index]);
  });
}

void read_deviations(reader& read, const tree& node, std::map<std::string, std::string>& out) {
  if (node.kind != tree::kind::map) {
    return read.fail(node.at, "deviations is not a map",
                     "a requirement and its reason, as in RT-09: \"everyone receives\"");
  }
  for (const tree::entry& entry : node.entries) {
    if (!is_requirement_id(entry.key)) {
      return read.fail(entry.at, fmt::format("'{}' is no requirement id", entry.key), "one like RT-09");
    }
    const std::string reason = read.text(entry.value, fmt::format("the reason of {}", entry.key));
    if (!read.problem() && reason.empty()) {
      read.fail(entry.value.at, fmt::format("{} has no reason", entry.key), "why this target does otherwise by design");
    }
    if (read.problem()) return;
    out[entry.key] = reason;
  }
}

void read_schema(reader& read, const tree& node) {
  const std::string text = read.text(node, "schema");
  if (!read.problem() && text != "1") read.fail(node.at, fmt::format("schema is '{}'", text), "1");
}

// Every variable that a template uses must be set by something.
void judge_variables(reader& read, const target& out) {
  if (out.users.wants_command()) return;  // its columns are not known yet
  std::vector<std::string_view> own{"name", "id", "n", "text", "nonce", "now", "page", "offset", "limit", "cursor"};
  for (const std::string& name : read.all_set()) own.push_back(name);
  if (out.login.by == login_description::kind::jwt) own.push_back("token");
  for (const reader::use& each : read.all_uses()) {
    if (std::find(own.begin(), own.end(), each.variable.name) != own.end()) continue;
    return read.fail(each.at, fmt::format("{} uses {}, which nothing sets", each.where, each.variable.written()),
                     "a column of users or a capture", did_you_mean(each.variable.name, own));
  }
}

// Made-up users have other names in each run.
void judge_kept_sessions(reader& read, const tree& root, const target& out) {
  if (out.login.sessions.empty() || out.users.from != users_description::kind::generated) return;
  const auto login = std::find_if(root.entries.begin(), root.entries.end(),
                                  [](const tree::entry& each) { return each.key == "login"; });
  read.fail(login->at, "login.sessions without users that are the same in every run",
            "users from a pattern, csv or command");
}

// The one declaration that gives up a core requirement: its reason is not optional.
void judge_everyone(reader& read, const tree& root, const target& out) {
  if (!out.delivery.everyone || out.deviations.contains("ISO-01")) return;
  const auto child = [](const tree& of, std::string_view key) {
    return std::find_if(of.entries.begin(), of.entries.end(), [&](const tree::entry& each) { return each.key == key; });
  };
  const auto delivery = child(root, "delivery");
  read.fail(child(delivery->value, "to")->at, "delivery.to is everyone, and nothing says why",
            "deviations: { ISO-01: \"the reason\" }");
}

}  // namespace

std::chrono::milliseconds read_duration(reader& read, const tree& node, std::string_view where) {
  const std::string text = read.text(node, where);
  if (read.problem()) return {};
  const auto value = parse_duration(text);
  if (!value) read.fail(node.at, fmt::format("{} is '{}'", where, text), "a duration like 250ms, 10s, 5m or 1h");
  return value.value_or(std::chrono::milliseconds(0));
}

void read_urls(reader& read, const tree& node, std::string_view where, std::string_view scheme, bool or_one,
               std::vector<url>& out) {
  out.clear();
  read.list(
      node, where,
      [&](const tree& item) {
        const std::string text = read.text(item, where);
        if (read.problem()) return;
        const std::string expected = fmt::format("{}://HOST:PORT", scheme);
        const auto parsed = parse_url(text);
        if (!parsed) return read.fail(item.at, fmt::format("{} '{}' {}", where, text, parsed.error().clause), expected);
        if (parsed->scheme != scheme && parsed->scheme != std::string(scheme) + "s") {
          return read.fail(item.at, fmt::format("{} '{}' has the scheme '{}'", where, text, parsed->scheme), expected);
        }
        if (scheme == "http" && parsed->path.find('?') != std::string::npos) {
          return read.fail(item.at, fmt::format("{} '{}' has a query", where, text), expected);
        }
        if (std::find(out.begin(), out.end(), *parsed) != out.end()) {
          return read.fail(item.at, fmt::format("{} '{}' stands here twice", where, text), "each address once");
        }
        out.push_back(*parsed);
      },
      or_one);
  if (!read.problem() && or_one && out.empty()) {
    read.fail(node.at, fmt::format("{} is an empty list", where), fmt::format("at least one {}://HOST:PORT", scheme));
  }
}

void read_target(reader& read, const tree& root, target& out) {
  read.map(
      root, "the target file",
      {{"schema", [&](const tree& node) { read_schema(read, node); }, true},
       {"name",
        [&](const tree& node) {
          out.name = read.text(node, "name");
          if (!read.problem() && !is_name(out.name)) {
            read.fail(node.at, fmt::format("name is '{}'", out.name), "1 to 64 of letters, digits, '.', '_' and '-'");
          }
        },
        true},
       {"version", [&](const tree& node) { out.version = read.text(node, "version"); }},
       {"base_url", [&](const tree& node) { read_urls(read, node, "base_url", "http", true, out.base_urls); }, true},
       {"direct_urls", [&](const tree& node) { read_urls(read, node, "direct_urls", "http", false, out.direct_urls); }},
       {"socket", [&](const tree& node) { read_socket(read, node, out.socket); }, true},
       {"users", [&](const tree& node) { read_users(read, node, out.users); }},
       {"login", [&](const tree& node) { read_login(read, node, out.login); }, true},
       {"rest", [&](const tree& node) { read_rest(read, node, out.rest.emplace()); }},
       {"errors", [&](const tree& node) { read_errors(read, node, out.errors); }},
       {"cleanup", [&](const tree& node) { out.cleanup = read_http_steps(read, node, "cleanup"); }},
       {"features", [&](const tree& node) { read_features(read, node, out.features); }},
       {"delivery", [&](const tree& node) { read_delivery(read, node, out.delivery); }},
       {"patience",
        [&](const tree& node) {
          out.patience = read_duration(read, node, "patience");
          if (!read.problem() && out.patience.count() == 0) read.fail(node.at, "patience is 0", "10s or so");
        }},
       {"allow", [&](const tree& node) { read_allow(read, node, out.allow.emplace()); }},
       {"deviations", [&](const tree& node) { read_deviations(read, node, out.deviations); }}});
  if (!read.problem()) judge_kept_sessions(read, root, out);
  if (!read.problem()) judge_everyone(read, root, out);
  if (!read.problem()) judge_variables(read, out);
}

}  // namespace client

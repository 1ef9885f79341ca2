// The keys below login: and users: of a target file.
#include "harness/client/target/csv.hpp"
#include "harness/client/target/sections.hpp"
#include "harness/client/target/template_reader.hpp"
#include "harness/client/target/values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

namespace client {

namespace {

// An override names a file from where we are.
std::string beside(const place& at, const std::filesystem::path& name) {
  if (name.is_absolute() || at.line == 0) return name.string();
  return (std::filesystem::path(at.file).parent_path() / name).string();
}

std::optional<std::string> file_beside(const place& at, const std::string& name, std::string& path) {
  path = beside(at, name);
  std::error_code wrong;
  if (!std::filesystem::is_regular_file(path, wrong)) return std::nullopt;  // a device may never end
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  return std::string{std::istreambuf_iterator<char>(in), {}};
}

void read_secret(reader& read, const tree& node, login_description& out) {
  out.secret = read.text(node, "login.jwt.secret");
  if (read.problem()) return;
  if (out.secret.empty()) {
    return read.fail(node.at, "login.jwt.secret is empty", "the secret the target checks with");
  }
  const std::string_view text = node.text;
  const bool is_variable = text.starts_with("${env.") && text.find('}') == text.size() - 1;
  out.secret_variable = is_variable ? std::string(text.substr(6, text.size() - 7)) : "ROLLCALL_SECRET";
  read.keep_secret(out.secret);
}

void read_key_file(reader& read, const tree& node, login_description& out) {
  const std::string name = read.text(node, "login.jwt.key_file");
  if (read.problem()) return;
  std::string path;
  const auto text = file_beside(node.at, name, path);
  if (!text) {
    return read.fail(node.at, fmt::format("login.jwt.key_file {} cannot be read", path),
                     "a private key in PEM, beside the target file");
  }
  if (text->find("PRIVATE KEY-----") == std::string::npos) {
    return read.fail(node.at, fmt::format("login.jwt.key_file {} holds no private key", path), "a private key in PEM");
  }
  out.secret = *text;
  read.keep_secret(out.secret);
}

void read_ttl(reader& read, const tree& node, login_description& out) {
  const auto ttl = read_duration(read, node, "login.jwt.ttl");
  if (read.problem()) return;
  out.ttl = std::chrono::duration_cast<std::chrono::seconds>(ttl);
  if (out.ttl != ttl || out.ttl.count() == 0) {
    read.fail(node.at, "login.jwt.ttl is not in seconds", "1s or more, as in 1h");
  }
}

void read_jwt(reader& read, const tree& node, login_description& out) {
  read.sets("token");
  read.map(node, "login.jwt",
           {{"algorithm",
             [&](const tree& v) {
               out.signed_by =
                   static_cast<login_description::algorithm>(read.word(v, "login.jwt.algorithm", {"HS256", "RS256"}));
             }},
            {"secret", [&](const tree& v) { read_secret(read, v, out); }},
            {"key_file", [&](const tree& v) { read_key_file(read, v, out); }},
            {"ttl", [&](const tree& v) { read_ttl(read, v, out); }},
            {"subject", [&](const tree& v) { out.subject = read_template(read, v, "login.jwt.subject"); }},
            {"claims", [&](const tree& v) {
               if (v.kind != tree::kind::map) return read.entries(v, "login.jwt.claims", [](const tree::entry&) {});
               out.claims = read_json_template(read, v, "login.jwt.claims");
             }}});
  if (read.problem()) return;
  const bool rsa = out.signed_by == login_description::algorithm::rs256;
  const auto has = [&](std::string_view key) {
    return std::any_of(node.entries.begin(), node.entries.end(), [&](const auto& e) { return e.key == key; });
  };
  if (!has(rsa ? "key_file" : "secret")) {
    const std::string_view key = rsa ? "key_file" : "secret";
    read.fail(node.at, fmt::format("login.jwt has no {}", key), "", fmt::format("add {}: …", key));
  } else if (has(rsa ? "secret" : "key_file")) {
    read.fail(node.at, "login.jwt has secret and key_file", "secret with HS256, key_file with RS256");
  }
}

void read_sessions(reader& read, const tree& node, login_description& out) {
  const std::filesystem::path name(read.text(node, "login.sessions"));
  if (read.problem()) return;
  if (name.filename().empty()) {
    return read.fail(node.at, fmt::format("login.sessions is '{}'", name.string()), "a file, beside the target file");
  }
  out.sessions = beside(node.at, name);
}

// Sessions can be kept only of users who are the same in the next run, and until a time that is known.
void judge_sessions(reader& read, const tree& node, const login_description& out) {
  if (out.sessions.empty()) return;
  const auto kept = std::find_if(node.entries.begin(), node.entries.end(),
                                 [](const tree::entry& each) { return each.key == "sessions"; });
  if (out.by != login_description::kind::steps) {
    return read.fail(kept->at, "login.sessions without login.steps", "steps, whose sessions are kept");
  }
  if (!out.lifetime) {
    read.fail(kept->at, "login.sessions without login.lifetime", "how long a session may be used, as in lifetime: 30m");
  }
}

void judge_rate(reader& read, const tree& node, std::string_view where, std::optional<double>& out) {
  const std::string text = read.text(node, where);
  if (read.problem()) return;
  out = parse_rate(text);
  if (!out) read.fail(node.at, fmt::format("{} is '{}'", where, text), "a rate like 200/s, 30/m or 5/h");
}

// The rows, and their columns as variables; `what` begins the sentence about text that is no table.
void take_rows(reader& read, const tree& node, std::string_view text, const std::string& what, users_description& out) {
  auto rows = parse_csv(text);
  if (!rows) return read.fail(node.at, fmt::format("{} {}", what, rows.error().clause));
  out.names = std::move(rows->names);
  out.values = std::move(rows->rows);
  out.rows = out.values.size();
  for (const std::string& column : out.names) read.sets(column);
}

void read_csv(reader& read, const tree& node, users_description& out) {
  const std::string name = read.text(node, "users.csv");
  if (read.problem()) return;
  const auto text = file_beside(node.at, name, out.file);
  if (!text) {
    return read.fail(node.at, fmt::format("users.csv {} cannot be read", out.file), "a file beside the target file");
  }
  out.from = users_description::kind::csv;
  take_rows(read, node, *text, "users.csv " + out.file, out);
}

void read_command(reader& read, const tree& node, users_description& out) {
  out.from = users_description::kind::command;
  read.list(
      node, "users.command", [&](const tree& word) { out.command.push_back(read.text(word, "users.command")); }, true);
  if (read.problem()) return;
  if (out.command.empty() || out.command.front().empty()) {
    return read.fail(node.at, "users.command names no program",
                     "a program and its arguments, as in [./make-users, 200]");
  }
  if (read.printed()) take_rows(read, node, *read.printed(), "what users.command printed", out);
}

void read_pattern(reader& read, const tree& node, users_description& out) {
  out.from = users_description::kind::pattern;
  const auto number = [&](std::string_view where, std::uint64_t least, auto& into) {
    return [&read, where, least, &into](const tree& v) {
      const std::string text = read.text(v, where);
      if (read.problem()) return;
      const auto count = parse_count(text);
      if (!count || *count < least) {
        return read.fail(v.at, fmt::format("{} is '{}'", where, text), fmt::format("a number, {} or more", least));
      }
      into = *count;
    };
  };
  read.map(node, "users.pattern",
           {{"count", number("users.pattern.count", 2, out.rows)},
            {"first", number("users.pattern.first", 0, out.first)},
            {"columns",
             [&](const tree& v) {
               read.entries(v, "users.pattern.columns", [&](const tree::entry& entry) {
                 read.sets(entry.key);
                 out.columns.emplace_back(entry.key,
                                          read_template(read, entry.value, "users.pattern.columns." + entry.key));
               });
             },
             true}});
}

}  // namespace

void read_login(reader& read, const tree& node, login_description& out) {
  const auto ways = [&](std::string_view way) {
    return std::count_if(node.entries.begin(), node.entries.end(), [&](const auto& e) { return e.key == way; });
  };
  if (node.kind == tree::kind::scalar && node.text == "none") {
    out.by = login_description::kind::none;
    return;
  }
  read.map(
      node, "login",
      {{"jwt", [&](const tree& v) { read_jwt(read, v, out); }},
       {"steps",
        [&](const tree& v) {
          out.by = login_description::kind::steps;
          out.steps = read_http_steps(read, v, "login.steps");
        }},
       {"id", [&](const tree& v) { out.id = read_template(read, v, "login.id"); }},
       {"headers", [&](const tree& v) { out.headers = read_named(read, v, "login.headers", encoding::plain); }},
       {"query", [&](const tree& v) { out.query = read_named(read, v, "login.query", encoding::query); }},
       {"refresh_on", [&](const tree& v) { out.refresh_on = read_numbers(read, v, "login.refresh_on", 400, 599); }},
       {"lifetime",
        [&](const tree& v) {
          const auto lifetime = read_duration(read, v, "login.lifetime");
          if (!read.problem() && lifetime < std::chrono::seconds(1)) {
            return read.fail(v.at, "login.lifetime is under a second", "30m or so");
          }
          out.lifetime = std::chrono::duration_cast<std::chrono::seconds>(lifetime);
        }},
       {"sessions", [&](const tree& v) { read_sessions(read, v, out); }},
       {"pace", [&](const tree& v) { judge_rate(read, v, "login.pace", out.pace); }}});
  if (!read.problem()) judge_sessions(read, node, out);
  if (read.problem()) return;
  if (ways("jwt") + ways("steps") == 0) {
    if (ways("headers") + ways("query") == 0) {
      return read.fail(node.at, "login does nothing", "one of jwt, steps, headers or query");
    }
    out.by = login_description::kind::none;
  } else if (ways("jwt") + ways("steps") > 1) {
    read.fail(node.at, "login has jwt and steps", "one of them");
  }
}

void read_users(reader& read, const tree& node, users_description& out) {
  const auto sources = std::count_if(node.entries.begin(), node.entries.end(), [](const tree::entry& e) {
    return e.key == "pattern" || e.key == "csv" || e.key == "command";
  });
  if (sources > 1) return read.fail(node.at, "users come from several places", "one of pattern, csv or command");
  read.map(node, "users",
           {{"pattern", [&](const tree& v) { read_pattern(read, v, out); }},
            {"csv", [&](const tree& v) { read_csv(read, v, out); }},
            {"command", [&](const tree& v) { read_command(read, v, out); }},
            {"register", [&](const tree& v) { out.sign_up = read_http_steps(read, v, "users.register"); }}});
}

}  // namespace client

// The blocks of a target file that have keys of their own: login, delivery, allow.
#include "harness/client/target/sections.hpp"
#include "harness/client/target/values.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace client {

void read_login(reader& read, const tree& node, jwt_login& out) {
  const auto read_secret = [&](const tree& value) {
    out.secret = read.text(value, "login.jwt.secret");
    if (read.problem()) return;
    if (out.secret.empty())
      return read.fail(value.at, "login.jwt.secret is empty", "the secret the target checks with");
    const std::string_view text = value.text;
    const bool is_variable = text.starts_with("${env.") && text.find('}') == text.size() - 1;
    out.secret_variable = is_variable ? std::string(text.substr(6, text.size() - 7)) : "ROLLCALL_SECRET";
  };
  const auto read_ttl = [&](const tree& value) {
    const auto ttl = read_duration(read, value, "login.jwt.ttl");
    if (read.problem()) return;
    out.ttl = std::chrono::duration_cast<std::chrono::seconds>(ttl);
    if (out.ttl != ttl || out.ttl.count() == 0)
      read.fail(value.at, "login.jwt.ttl is not in seconds", "1s or more, as in 1h");
  };
  const auto read_jwt = [&](const tree& value) {
    read.map(value, "login.jwt", {{"secret", read_secret, true}, {"ttl", read_ttl}});
  };
  read.map(node, "login", {{"jwt", read_jwt, true}});
}

void read_delivery(reader& read, const tree& node, delivery_rules& out) {
  const auto read_code = [&](const tree& value) {
    const std::string text = read.text(value, "delivery.loss_codes");
    if (read.problem()) return;
    const auto code = parse_count(text);
    if (!code || *code < 1000 || *code > 4999) {
      return read.fail(value.at, fmt::format("delivery.loss_codes has '{}'", text), "close codes from 1000 to 4999");
    }
    out.loss_codes.push_back(static_cast<std::uint16_t>(*code));
  };
  read.map(node, "delivery",
           {{"settle", [&](const tree& value) { out.settle = read_duration(read, value, "delivery.settle"); }},
            {"loss_codes", [&](const tree& value) { read.list(value, "delivery.loss_codes", read_code); }},
            {"offline",
             [&](const tree& value) {
               out.offline = static_cast<offline_policy>(read.word(value, "delivery.offline", {"discard", "replay"}));
             }},
            {"echo", [&](const tree& value) { out.echo = read.boolean(value, "delivery.echo"); }}});
}

void read_allow(reader& read, const tree& node, allowance& out) {
  const auto read_host = [&](const tree& value) {
    const std::string host = read.text(value, "allow.hosts");
    if (read.problem()) return;
    if (host.empty() || host.find_first_of("/: \t*") != std::string::npos) {
      return read.fail(value.at, fmt::format("allow.hosts has '{}'", host),
                       "names of hosts, without scheme, port or *");
    }
    out.hosts.push_back(host);
  };
  const auto read_until = [&](const tree& value) {
    const std::string text = read.text(value, "allow.until");
    if (read.problem()) return;
    const auto day = parse_day(text);
    if (!day) return read.fail(value.at, fmt::format("allow.until is '{}'", text), "a day like 2027-03-31");
    out.until = *day;
  };
  const auto rate_into = [&](std::optional<double>& rate, std::string_view where) {
    return [&read, &rate, where](const tree& value) {
      const std::string text = read.text(value, where);
      if (read.problem()) return;
      rate = parse_rate(text);
      if (!rate) read.fail(value.at, fmt::format("{} is '{}'", where, text), "a rate like 200/s, 30/m or 5/h");
    };
  };
  const auto read_users = [&](const tree& value) {
    const std::string text = read.text(value, "allow.max_users");
    if (read.problem()) return;
    out.max_users = parse_count(text);
    if (!out.max_users || *out.max_users == 0) {
      read.fail(value.at, fmt::format("allow.max_users is '{}'", text), "a number of users, 1 or more");
    }
  };
  const auto read_impact = [&](const tree& value) {
    const auto index = read.word(value, "allow.impact", {"passive", "writes", "intrusive", "disruptive"});
    if (!read.problem()) out.impacts.push_back(static_cast<impact>(index));
  };
  read.map(node, "allow",
           {{"hosts", [&](const tree& value) { read.list(value, "allow.hosts", read_host); }, true},
            {"until", read_until, true},
            {"max_rate", rate_into(out.max_rate, "allow.max_rate")},
            {"max_users", read_users},
            {"max_connects", rate_into(out.max_connects, "allow.max_connects")},
            {"max_logins", rate_into(out.max_logins, "allow.max_logins")},
            {"impact", [&](const tree& value) { read.list(value, "allow.impact", read_impact); }}});
}

}  // namespace client

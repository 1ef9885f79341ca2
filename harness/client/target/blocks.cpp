// The blocks of a target file that have keys of their own: login, delivery, allow.
#include "harness/client/target/sections.hpp"
#include "harness/client/target/values.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace client {

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
            {"echo", [&](const tree& value) { out.echo = read.boolean(value, "delivery.echo"); }},
            {"to",
             [&](const tree& value) {
               out.everyone = read.word(value, "delivery.to", {"recipient", "everyone"}) == 1;
             }},
            {"warm_up", [&](const tree& value) {
               out.warm_up = read_duration(read, value, "delivery.warm_up");
               if (!read.problem() && out.warm_up > longest_warm_up) {
                 read.fail(value.at, fmt::format("delivery.warm_up is '{}'", read.text(value, "delivery.warm_up")),
                           "1m at most");
               }
             }}});
}

void read_errors(reader& read, const tree& node, error_rules& out) {
  const auto statuses = [&read](std::string_view where, std::vector<int>& into) {
    return [&read, where, &into](const tree& value) { into = read_numbers(read, value, where, 100, 599); };
  };
  read.map(
      node, "errors",
      {{"bad_input", statuses("errors.bad_input", out.bad_input)},
       {"no_session", statuses("errors.no_session", out.no_session)},
       {"stranger", statuses("errors.stranger", out.stranger)},
       {"missing", statuses("errors.missing", out.missing)},
       {"rate_limit", [&](const tree& value) { out.rate_limit = read_duration(read, value, "errors.rate_limit"); }}});
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

#include "cli/load_limits.hpp"

#include "harness/client/target/here.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace cli {

namespace {

/// Every host that a run would contact.
std::set<std::string> hosts_of(const client::target& target) {
  std::set<std::string> out;
  for (const auto* urls : {&target.base_urls, &target.direct_urls, &target.socket.urls}) {
    for (const auto& each : *urls) out.insert(each.host);
  }
  return out;
}

}  // namespace

std::optional<std::string> not_allowed(const client::target& target, const loadgen::worker_plan& plan,
                                       std::chrono::year_month_day today, const client::target& reached) {
  if (client::is_here(reached)) return std::nullopt;
  const auto hosts = hosts_of(target);
  const std::string wanted =
      fmt::format("allow: {{ hosts: [{}], until: YYYY-MM-DD, max_rate: {:g}/s, max_users: {}, impact: [writes] }}",
                  fmt::join(hosts, ", "), plan.shape.rate, plan.users);
  const auto refuse = [&](const std::string& why) {
    return fmt::format("target {} is not on this machine and {}; load needs its owner's word in {}: {}", target.title(),
                       why, target.file, wanted);
  };
  if (!target.allow) return refuse("has no allow block");
  const auto& allow = *target.allow;
  for (const auto& host : hosts) {
    if (std::ranges::count(allow.hosts, host) == 0) return refuse(fmt::format("allow.hosts does not name {}", host));
  }
  if (allow.until < today) {
    return refuse(fmt::format("allow.until {:04}-{:02}-{:02} is over", static_cast<int>(allow.until.year()),
                              static_cast<unsigned>(allow.until.month()), static_cast<unsigned>(allow.until.day())));
  }
  if (std::ranges::count(allow.impacts, client::impact::writes) == 0) return refuse("allow.impact lacks writes");
  if (allow.max_rate && plan.shape.rate > *allow.max_rate) {
    return refuse(fmt::format("allow.max_rate is {:g}/s, below --rate {:g}/s", *allow.max_rate, plan.shape.rate));
  }
  if (allow.max_users && plan.users > *allow.max_users) {
    return refuse(fmt::format("allow.max_users is {}, below --users {}", *allow.max_users, plan.users));
  }
  return std::nullopt;
}

}  // namespace cli

// Population, arrivals and schedule: what a run will do, before anything is done.
#include "loadgen/plan/population.hpp"
#include "loadgen/plan/schedule.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

namespace loadgen {
namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;

TEST(population, numbers_users_and_chats_through) {
  for (const std::uint32_t users : {2U, 3U, 5U, 127U, 128U, 200U, 1000U, 1001U}) {
    const auto cells = make_cells(users);
    EXPECT_EQ(cells.size(), std::min(64U, users / 2)) << users;
    std::uint32_t user = 0;
    std::uint32_t chat = 0;
    for (const auto& each : cells) {
      EXPECT_EQ(each.first_user, user);
      EXPECT_EQ(each.first_chat, chat);
      EXPECT_GE(each.users, 2U);
      user += each.users;
      chat += each.chats;
    }
    EXPECT_EQ(user, users);
  }
}

TEST(population, a_chat_has_two_members_and_both_know_it) {
  for (const std::uint32_t users : {2U, 3U, 4U, 5U, 16U}) {
    const cell only = make_cells(2 * 64 * users)[1];
    cell of = only;
    of.users = users;
    of.chats = users == 2 ? 1 : users < 5 ? users : 2 * users;
    std::set<std::pair<std::uint32_t, std::uint32_t>> pairs;
    std::map<std::uint32_t, std::set<std::uint32_t>> chats;
    for (std::uint32_t chat = of.first_chat; chat < of.first_chat + of.chats; ++chat) {
      const auto [a, b] = of.members(chat);
      EXPECT_NE(a, b);
      EXPECT_TRUE(pairs.insert(std::minmax(a, b)).second) << users << ": a pair has two chats";
      chats[a].insert(chat);
      chats[b].insert(chat);
    }
    for (std::uint32_t user = of.first_user; user < of.first_user + of.users; ++user) {
      const auto told = of.chats_of(user);
      EXPECT_EQ(std::set(told.begin(), told.end()), chats[user]) << users;
      EXPECT_EQ(told.size(), chats[user].size());
    }
  }
}

std::vector<planned> run(const std::vector<cell>& own, std::uint32_t cells, const load_shape& shape,
                         nanoseconds until) {
  schedule plan(own, cells, shape);
  std::vector<planned> out;
  while (plan.next_at() < until) out.push_back(plan.next());
  return out;
}

const load_shape busy{.seed = 7, .rate = 500, .kind = arrival_kind::poisson, .online = 0.7, .session = seconds(10)};

TEST(schedule, is_the_same_on_any_number_of_workers) {
  const auto cells = make_cells(300);
  const auto whole = run(cells, 64, busy, seconds(20));
  for (const std::size_t workers : {2U, 5U}) {
    std::vector<planned> together;
    for (std::size_t w = 0; w < workers; ++w) {
      const std::vector<cell> own(cells.begin() + static_cast<std::ptrdiff_t>(cells.size() * w / workers),
                                  cells.begin() + static_cast<std::ptrdiff_t>(cells.size() * (w + 1) / workers));
      std::ranges::copy(run(own, 64, busy, seconds(20)), std::back_inserter(together));
    }
    std::ranges::stable_sort(together, {}, &planned::at);
    EXPECT_EQ(together, whole);
  }
}

TEST(schedule, depends_on_the_seed) {
  const auto cells = make_cells(300);
  load_shape other = busy;
  other.seed = 8;
  EXPECT_NE(run(cells, 64, busy, seconds(2)), run(cells, 64, other, seconds(2)));
}

TEST(schedule, constant_sends_are_evenly_spaced_over_all_cells) {
  load_shape even = busy;
  even.kind = arrival_kind::constant;
  even.session = seconds(0);
  const auto plan = run(make_cells(300), 64, even, seconds(3));
  ASSERT_EQ(plan.size(), 1500U);
  for (std::size_t k = 0; k < plan.size(); ++k) {
    EXPECT_NEAR(static_cast<double>(plan[k].at.count()), static_cast<double>(k) * 2e6, 1.0) << k;
  }
}

TEST(schedule, poisson_sends_have_the_rate_and_the_spread_of_a_poisson_process) {
  load_shape shape = busy;
  shape.session = seconds(0);
  const auto plan = run(make_cells(300), 64, shape, seconds(200));
  std::vector<double> per_second(200);
  for (const auto& each : plan) per_second[static_cast<std::size_t>(each.at / seconds(1))] += 1;
  double mean = 0;
  for (const double n : per_second) mean += n / 200;
  double variance = 0;
  for (const double n : per_second) variance += (n - mean) * (n - mean) / 199;
  EXPECT_NEAR(mean, 500, 10);            // standard error 1.6
  EXPECT_NEAR(variance / mean, 1, 0.5);  // standard error 0.1
}

TEST(schedule, keeps_the_share_online_while_people_come_and_go) {
  const auto cells = make_cells(1000);
  schedule plan(cells, 64, busy);
  std::set<std::uint32_t> there;
  for (const auto user : plan.first_users()) there.insert(user);
  double area = 0;
  nanoseconds before{};
  std::size_t toggles = 0;
  while (plan.next_at() < seconds(60)) {
    const planned due = plan.next();
    area += static_cast<double>(there.size()) * static_cast<double>((due.at - before).count());
    before = due.at;
    if (due.kind == planned::what::come) {
      EXPECT_TRUE(there.insert(due.user).second);
      ++toggles;
    } else if (due.kind == planned::what::leave) {
      EXPECT_EQ(there.erase(due.user), 1U);
      ++toggles;
    } else if (!there.empty()) {
      const cell& own = *std::ranges::find_if(
          cells, [&](const cell& c) { return due.user >= c.first_user && due.user < c.first_user + c.users; });
      const bool any = std::ranges::any_of(
          there, [&](std::uint32_t u) { return u >= own.first_user && u < own.first_user + own.users; });
      EXPECT_TRUE(!any || there.contains(due.user)) << "somebody sends who is not there";
      EXPECT_THAT(own.chats_of(due.user), testing::Contains(due.chat));
    }
  }
  EXPECT_NEAR(area / 60e9 / 1000, 0.7, 0.03);
  EXPECT_NEAR(static_cast<double>(toggles), 1000 * 0.7 * 60 / 10 * 2, 600);
}

TEST(schedule, nobody_comes_or_goes_without_sessions) {
  load_shape still = busy;
  still.session = seconds(0);
  for (const auto& each : run(make_cells(300), 64, still, seconds(5))) EXPECT_EQ(each.kind, planned::what::send);
}

}  // namespace
}  // namespace loadgen

// Sharded channels on a cluster of three masters, under load: a slot that moves and a master that dies close exactly
// the sockets concerned, and nobody is left with a gap.
#include "harness/stack/stack.hpp"
#include "reference-server/test/crowd_test.hpp"
#include "reference-server/test/private_cluster_test.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>

namespace fault_test {
namespace {
using testing::IsEmpty;

constexpr std::uint16_t service_restart = 1012;
constexpr std::size_t pairs = 9;
constexpr std::chrono::milliseconds silence{150};  // somewhat less than what an api waits for an answer of Redis

struct ClusterFaults : testing::Test {
  ClusterFaults() {
    stack::options wanted;
    wanted.programs = ROLLCALL_BIN;
    wanted.api = 2;
    for (const char* kind : {"api", "gateway"}) wanted.arguments[kind] = {"--redis", cluster.address()};
    auto started = stack::stack::start(wanted);
    if (!started) throw std::runtime_error(started.error().what);
    running = std::move(*started);
    // What is sent before is owed a resync, and would close sockets later.
    for (const auto& [name, url] : running->admin_urls()) {
      if (name.starts_with("api") && !gateway_test::eventually([&, at = &url] { return reaches_redis(*at); })) {
        throw std::runtime_error(name + " does not get to the cluster");
      }
    }
    const pair_options pair{running->base_urls(), running->socket_urls().front()};
    users.emplace(running->secret(), "shard", std::vector<pair_options>(pairs, pair));
  }

  static bool reaches_redis(const std::string& admin) {
    const auto port = static_cast<std::uint16_t>(std::stoi(admin.substr(admin.rfind(':') + 1)));
    gateway_test::client asked(port, "/metrics", "Connection: close\r\n");
    return asked.text_to_end().find("\nrollcall_api_redis_up 1") != std::string::npos;
  }
  std::size_t slot_of(std::size_t pair) const {
    return cluster.slot_of("chat:user:shard-" + std::to_string(pair) + "-to");
  }
  std::vector<ending> endings_since(std::size_t pair, client::time_point since) {
    std::vector<ending> all = users->endings(pair);
    std::erase_if(all, [since](const ending& each) { return each.at < since; });
    return all;
  }
  // Of those concerned at least one socket was closed, and with 1012; of nobody else, unless the machine stood still
  // for so long that a master was silent. The first `earlier` pairs are not looked at: what was missed when their slots
  // moved may have been told twice, by each api for itself.
  void expect_closed(const std::vector<bool>& concerned, client::time_point since, std::size_t earlier = 0) {
    const bool telling = users->stood_still() < silence;
    for (std::size_t pair = earlier; pair < pairs; ++pair) {
      const auto endings = endings_since(pair, since);
      if (telling || concerned[pair]) {
        EXPECT_EQ(!endings.empty(), concerned[pair]) << "pair " << pair;
      }
      for (const ending& each : endings) EXPECT_EQ(each.code, service_restart);
    }
  }
  void expect_nothing_lost() {
    const judged after = users->finish();
    EXPECT_THAT(after.findings, IsEmpty());
    EXPECT_THAT(after.missed, IsEmpty());
    EXPECT_GT(after.verdict.counts.owed, 0U);
  }

  gateway_test::temporary_directory directory;
  gateway_test::private_cluster cluster{directory};
  std::unique_ptr<stack::stack> running;
  std::optional<crowd> users;
};

TEST_F(ClusterFaults, ASlotThatMovesClosesItsSocketsAndNoOthers) {
  const std::size_t moves = 3 * static_cast<std::size_t>(rounds(1));
  for (std::size_t i = 0; i < moves; ++i) {
    const std::size_t moved = i % 3;
    users->stood_still();
    const auto since = client::clock::now();
    const std::size_t slot = slot_of(moved);
    cluster.move(slot, (cluster.owner_of(slot) + 1) % cluster.size);
    ASSERT_TRUE(users->until_it_works());
    std::vector<bool> concerned;
    for (std::size_t pair = 0; pair < pairs; ++pair) concerned.push_back(slot_of(pair) == slot);
    EXPECT_FALSE(endings_since(moved, since).empty()) << "move " << i;
    expect_closed(concerned, since, std::min<std::size_t>(i, 3));
  }
  expect_nothing_lost();
}

TEST_F(ClusterFaults, AMasterThatDiesClosesTheSocketsOfItsSlotsAndNoOthers) {
  const std::size_t dead = cluster.owner_of(slot_of(0));
  std::vector<bool> concerned;
  std::vector<std::size_t> others;
  for (std::size_t pair = 0; pair < pairs; ++pair) {
    concerned.push_back(cluster.owner_of(slot_of(pair)) == dead);
    if (!concerned.back()) others.push_back(pair);
  }
  ASSERT_THAT(others, testing::Not(IsEmpty()));
  for (int left = rounds(1); left > 0; --left) {
    users->stood_still();
    const auto since = client::clock::now();
    cluster.kill(dead);
    ASSERT_TRUE(users->until_it_works(others)) << "the other masters' users are not concerned";
    ASSERT_TRUE(gateway_test::eventually([&] { return !endings_since(0, since).empty(); }));
    const std::size_t before = users->acknowledged(0);
    EXPECT_TRUE(gateway_test::eventually([&] { return users->acknowledged(0) > before; })) << "sends need no Redis";
    cluster.restart(dead);
    ASSERT_TRUE(users->until_it_works());
    expect_closed(concerned, since);
  }
  expect_nothing_lost();
}

}  // namespace
}  // namespace fault_test

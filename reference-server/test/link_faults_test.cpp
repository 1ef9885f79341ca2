// The links to Redis broken under load: whoever missed something is told so (1012) and catches up, nobody else is.
#include "harness/stack/fault_proxy.hpp"
#include "harness/stack/stack.hpp"
#include "harness/stack/test/environment.hpp"
#include "reference-server/test/crowd_test.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace fault_test {
namespace {
using namespace std::chrono_literals;
using stack::fault_proxy;
using testing::IsEmpty;

constexpr std::uint16_t service_restart = 1012;
constexpr auto close_after_the_return = 2500ms;  // up to a second between two tries, and a busy machine
constexpr auto silence = 150ms;                  // somewhat less than what an api waits for an answer of Redis
const std::vector<std::size_t> concerned{0, 1, 2, 3}, outsiders{4, 5};

std::unique_ptr<fault_proxy> open_proxy(const std::filesystem::path& at) {
  auto opened = fault_proxy::open(at.string(), "");
  if (!opened) throw std::runtime_error(opened.error().what);
  return std::move(*opened);
}

// The first api's link to Redis and the gateway's go through proxies.
struct place {
  explicit place(int apis) : api_link(open_proxy(folder.path() / "a")), gateway_link(open_proxy(folder.path() / "g")) {
    stack::options wanted;
    wanted.programs = ROLLCALL_BIN;
    wanted.api = apis;
    wanted.arguments["api1"] = {"--redis", "unix:" + api_link->address()};
    wanted.arguments["g1"] = {"--redis", "unix:" + gateway_link->address()};
    wanted.down = {"g1"};  // it is ready when Redis is, which the proxies do not know yet
    auto started = stack::stack::start(wanted);
    if (!started) throw std::runtime_error(started.error().what);
    running = std::move(*started);
    api_link->forward_to(running->redis_path());
    gateway_link->forward_to(running->redis_path());
    const auto up = running->start("g1");
    if (!up) throw std::runtime_error(up.error().what);
  }

  // Those concerned send through every api, the outsiders through the last one.
  std::vector<pair_options> pairs() const {
    std::vector<pair_options> all;
    const auto urls = running->base_urls();
    for (std::size_t i = 0; i < concerned.size(); ++i) all.push_back({urls, running->socket_urls().front()});
    for (std::size_t i = 0; i < outsiders.size(); ++i) all.push_back({{urls.back()}, running->socket_urls().front()});
    return all;
  }

  stack::test::folder folder{"rc-faults-"};
  std::unique_ptr<fault_proxy> api_link, gateway_link;
  std::unique_ptr<stack::stack> running;
};

// When the first socket of each of these pairs that ended since then was closed, with 1012; the latest of them.
client::time_point closed_since(crowd& users, const std::vector<std::size_t>& pairs, client::time_point since) {
  client::time_point latest;
  for (const std::size_t pair : pairs) {
    std::optional<ending> found;
    EXPECT_TRUE(stack::test::becomes_true([&] {
      for (const ending& each : users.endings(pair)) {
        if (!found && each.at > since) found = each;
      }
      return found.has_value();
    })) << "a socket that missed something was not closed";
    if (!found) continue;
    EXPECT_EQ(found->code, service_restart);
    latest = std::max(latest, found->at);
  }
  return latest;
}

void expect_nothing_lost(crowd& users) {
  ASSERT_TRUE(users.until_it_works());
  const judged after = users.finish();
  EXPECT_THAT(after.findings, IsEmpty());
  EXPECT_THAT(after.missed, IsEmpty());
  EXPECT_GT(after.verdict.counts.announced, 0U) << "no socket had missed anything: nothing was put to the test";
}

// Only the api's link is down for two seconds. With one api the outsiders are silent meanwhile, with two they get
// messages that the other one publishes. False when the machine stood still for so long that Redis was silent to them
// too.
bool cut_the_link_of_one(int apis) {
  const place here(apis);
  std::chrono::nanoseconds stood_still{0};
  crowd users(here.running->secret(), "cut" + std::to_string(apis), here.pairs());
  const auto began = client::clock::now();
  for (int left = rounds(1); left > 0; --left) {
    for (const std::size_t pair : outsiders) {
      if (apis == 1) users.stop_sending(pair);
    }
    here.api_link->cut();
    const auto cut = client::clock::now();
    const std::size_t before = users.acknowledged(concerned.front());
    std::this_thread::sleep_for(2s);  // the fault itself
    EXPECT_GT(users.acknowledged(concerned.front()), before) << "sends need no Redis";
    stood_still = std::max(stood_still, users.stood_still());
    here.api_link->pass();
    const auto returned = client::clock::now();
    const auto latest = closed_since(users, concerned, cut);
    const auto until_closed = users.stood_still();
    EXPECT_LE(latest - returned - until_closed, close_after_the_return);
    for (const std::size_t pair : outsiders) users.go_on_sending(pair);
    EXPECT_TRUE(users.until_it_works());  // a fence behind everything
    stood_still = std::max({stood_still, until_closed, users.stood_still()});
  }
  const bool telling = stood_still < silence;
  for (const std::size_t pair : outsiders) {
    for (const ending& each : users.endings(pair)) EXPECT_TRUE(each.at < began || !telling) << "it had missed nothing";
  }
  expect_nothing_lost(users);
  return telling;
}

TEST(LinkFaults, WhoMissedSomethingIsToldWithOneApi) {
  for (int tries = 1; !cut_the_link_of_one(1) && tries < 5;) ++tries;
}

TEST(LinkFaults, WhoMissedSomethingIsToldWhileAnotherApiPublishesToo) {
  for (int tries = 1; !cut_the_link_of_one(2) && tries < 5;) ++tries;
}

// Redis has closed, and the api is not told: its next publish has no answer for 250 ms.
TEST(LinkFaults, AHalfOpenLinkOfTheApiIsGivenUp) {
  const place here(1);
  crowd users(here.running->secret(), "half1", here.pairs());
  for (int left = rounds(1); left > 0; --left) {
    const auto broken = client::clock::now();
    here.api_link->half_open(fault_proxy::end::server);
    closed_since(users, concerned, broken);
    ASSERT_TRUE(users.until_it_works());
  }
  expect_nothing_lost(users);
}

// The other way round: the api has a new link while Redis still believes in the old one, whose bytes must not count.
TEST(LinkFaults, AnOldLinkThatRedisBelievesInIsKilled) {
  const place here(1);
  crowd users(here.running->secret(), "half2", here.pairs());
  for (int left = rounds(1); left > 0; --left) {
    const auto broken = client::clock::now();
    const auto links = here.api_link->accepted();
    here.api_link->half_open(fault_proxy::end::client);
    EXPECT_EQ(here.api_link->connections(), 1U);
    closed_since(users, concerned, broken);
    EXPECT_TRUE(stack::test::becomes_true([&] {
      return here.api_link->accepted() > links && here.api_link->connections() == 1;
    })) << "the old link lives on";
    ASSERT_TRUE(users.until_it_works());
  }
  expect_nothing_lost(users);
}

// Publishes reach Redis, their answers do not reach the api: it can only take them for lost.
TEST(LinkFaults, APublishWhoseAnswerIsLostIsOwedAResync) {
  const place here(1);
  crowd users(here.running->secret(), "lose", here.pairs());
  for (int left = rounds(1); left > 0; --left) {
    const auto broken = client::clock::now();
    here.api_link->lose_answer();
    std::vector<std::size_t> some;
    EXPECT_TRUE(stack::test::becomes_true([&] {
      some.clear();
      for (std::size_t pair = 0; pair < concerned.size() + outsiders.size(); ++pair) {
        const auto all = users.endings(pair);
        if (!all.empty() && all.back().at > broken) some.push_back(pair);
      }
      return !some.empty();
    }));
    closed_since(users, some, broken);
    ASSERT_TRUE(users.until_it_works());
  }
  const judged after = users.finish();
  EXPECT_THAT(after.findings, IsEmpty());
  EXPECT_THAT(after.missed, IsEmpty());
}

TEST(LinkFaults, AHalfOpenLinkOfTheGatewayClosesEverySocket) {
  const place here(1);
  crowd users(here.running->secret(), "half3", here.pairs());
  for (int left = rounds(1); left > 0; --left) {
    const auto broken = client::clock::now();
    here.gateway_link->half_open(fault_proxy::end::server);
    closed_since(users, concerned, broken);
    closed_since(users, outsiders, broken);
    ASSERT_TRUE(users.until_it_works());
  }
  expect_nothing_lost(users);
}

}  // namespace
}  // namespace fault_test

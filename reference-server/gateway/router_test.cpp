// The router against a hand-fed Redis: commands are carried out in the order they were sent, and what Redis says comes
// back in the order it was said. Every crossing of the two is a choice of the test.
#include "reference-server/gateway/router.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace gateway {
namespace {
using testing::ElementsAre;
using testing::IsEmpty;

struct wire {
  struct command {
    std::uint64_t token = 0;  // 0: UNSUBSCRIBE
    std::string user;
  };
  struct event {
    bool answer = false;
    std::uint64_t token = 0;
    std::string user, message;
  };

  // The gateway's side
  socket_id open(std::uint32_t place, const std::string& user) {
    const socket_id id{place, ++lives[place]};
    routes.wait(id, user);
    to_redis.push_back({id.token(), user});
    return id;
  }
  void close(socket_id id) {
    if (const auto user = routes.leave(id)) to_redis.push_back({0, *user});
  }
  bool read() {  // one event of the stream
    if (from_redis.empty()) return false;
    const event e = from_redis.front();
    from_redis.pop_front();
    if (e.answer && e.token != 0) {
      routes.attach(socket_id::from_token(e.token));
    } else if (!e.answer) {
      routes.each_attached(e.user, [&](socket_id id) { got[id.token()].push_back(e.message); });
    }
    return true;
  }

  // Redis' side
  bool carry_out() {  // one command
    if (to_redis.empty()) return false;
    const command c = to_redis.front();
    to_redis.pop_front();
    if (c.token == 0) {
      subscribed.erase(c.user);
    } else {
      subscribed.insert(c.user);
    }
    from_redis.push_back({true, c.token, c.user, ""});
    return true;
  }
  void publish(const std::string& user, const std::string& message) {
    if (subscribed.count(user) != 0) from_redis.push_back({false, 0, user, message});
  }

  void settle() {
    while (carry_out() || read()) {
    }
  }
  std::vector<std::string> received(socket_id id) { return got[id.token()]; }

  router routes;
  std::map<std::uint32_t, std::uint32_t> lives;
  std::deque<command> to_redis;
  std::deque<event> from_redis;
  std::set<std::string> subscribed;
  std::map<std::uint64_t, std::vector<std::string>> got;
};

TEST(Router, ASocketReceivesFromItsAttachPointOn) {
  wire w;
  const auto bob = w.open(0, "bob");
  w.publish("bob", "before");
  EXPECT_FALSE(w.routes.attached(bob));
  w.settle();
  EXPECT_TRUE(w.routes.attached(bob));
  EXPECT_EQ(w.routes.user_of(bob), "bob");
  w.publish("bob", "after");
  w.publish("alice", "other");
  w.settle();
  EXPECT_THAT(w.received(bob), ElementsAre("after"));
}

TEST(Router, ASecondDeviceNeverGetsWhatStoodBeforeItsAttachPoint) {
  wire w;
  const auto first = w.open(0, "bob");
  w.settle();
  const auto second = w.open(1, "bob");
  w.publish("bob", "1");  // Redis has not seen the second SUBSCRIBE
  w.carry_out();
  w.publish("bob", "2");
  w.settle();
  EXPECT_THAT(w.received(first), ElementsAre("1", "2"));
  EXPECT_THAT(w.received(second), ElementsAre("2"));
}

TEST(Router, ADeviceStaysAttachedWhenTheFirstClosesWhileItsAnswerIsOnTheWay) {
  wire w;
  const auto first = w.open(0, "bob");
  w.settle();
  const auto second = w.open(1, "bob");
  w.carry_out();  // answered by Redis, the answer not yet read
  w.close(first);
  EXPECT_THAT(w.to_redis, IsEmpty());
  w.publish("bob", "1");
  w.settle();
  EXPECT_TRUE(w.routes.attached(second));
  EXPECT_THAT(w.received(second), ElementsAre("1"));
  EXPECT_THAT(w.received(first), IsEmpty());
}

TEST(Router, TheSameBeforeRedisHasSeenTheSecond) {
  wire w;
  const auto first = w.open(0, "bob");
  w.settle();
  const auto second = w.open(1, "bob");
  w.close(first);
  EXPECT_EQ(w.to_redis.size(), 1u);  // the SUBSCRIBE, and no UNSUBSCRIBE behind it
  w.settle();
  w.publish("bob", "1");
  w.settle();
  EXPECT_THAT(w.received(second), ElementsAre("1"));
}

TEST(Router, CrossingAnswersFindTheirOwnSockets) {
  wire w;
  const auto first = w.open(0, "bob");
  const auto second = w.open(1, "bob");
  w.close(first);
  w.close(second);  // SUBSCRIBE, SUBSCRIBE, UNSUBSCRIBE under way
  EXPECT_EQ(w.to_redis.size(), 3u);
  const auto third = w.open(0, "bob");  // in the place of the first, whose answer is still to come
  w.carry_out();
  w.publish("bob", "1");
  w.carry_out();
  w.carry_out();
  w.publish("bob", "2");
  while (w.read()) {
  }
  EXPECT_FALSE(w.routes.attached(third));
  w.carry_out();
  w.publish("bob", "3");
  w.settle();
  EXPECT_TRUE(w.routes.attached(third));
  EXPECT_THAT(w.received(third), ElementsAre("3"));
  EXPECT_THAT(w.received(first), IsEmpty());
  EXPECT_THAT(w.received(second), IsEmpty());
}

TEST(Router, AnAnswerWhoseSocketHasGoneIsDropped) {
  wire w;
  const auto bob = w.open(0, "bob");
  w.close(bob);
  EXPECT_FALSE(w.routes.attach(bob));
  EXPECT_EQ(w.routes.users(), 0u);
  EXPECT_FALSE(w.routes.attach(socket_id{99, 1}));
  EXPECT_FALSE(w.routes.attach(socket_id{}));
}

TEST(Router, TheChannelIsGivenUpExactlyWhenNobodyIsLeft) {
  router routes;
  routes.wait({0, 1}, "bob");
  routes.wait({1, 1}, "bob");
  routes.attach({0, 1});
  EXPECT_EQ(routes.leave({0, 1}), std::nullopt);
  EXPECT_EQ(routes.leave({0, 1}), std::nullopt);
  EXPECT_EQ(routes.leave({1, 1}), "bob");
  EXPECT_EQ(routes.leave({1, 1}), std::nullopt);
}

TEST(Router, DevicesAreServedInTheOrderTheyWereAttachedAndMayLeaveMeanwhile) {
  router routes;
  for (std::uint32_t place : {2u, 0u, 1u}) routes.wait({place, 1}, "bob");
  for (std::uint32_t place : {2u, 0u, 1u}) routes.attach({place, 1});
  std::vector<std::uint32_t> order;
  routes.each_attached("bob", [&](socket_id id) {
    order.push_back(id.place);
    routes.leave(id);
  });
  EXPECT_THAT(order, ElementsAre(2, 0, 1));
  EXPECT_EQ(routes.users(), 0u);
}

// Whatever crosses: each socket gets exactly what Redis took after its SUBSCRIBE, in order, until it leaves.
TEST(Router, KeepsItsPromiseInEveryOrderOfEvents) {
  for (unsigned seed = 1; seed <= 200; ++seed) {
    std::mt19937 random(seed);
    wire w;
    std::map<std::uint64_t, std::vector<std::string>> owed;
    std::map<std::uint32_t, std::pair<socket_id, std::string>> open;
    std::set<std::uint64_t> reached;  // sockets whose SUBSCRIBE Redis has carried out
    const std::vector<std::string> users{"a", "b"};
    for (int step = 0; step < 400; ++step) {
      const auto place = static_cast<std::uint32_t>(random() % 4);
      const auto& user = users[random() % 2];
      switch (random() % 5) {
        case 0:
          if (open.count(place) == 0) open[place] = {w.open(place, user), user};
          break;
        case 1:
          if (open.count(place) != 0) {
            w.close(open[place].first);
            open.erase(place);
          }
          break;
        case 2:
          if (!w.to_redis.empty()) reached.insert(w.to_redis.front().token);
          w.carry_out();
          break;
        case 3:
          w.read();
          break;
        case 4: {
          const auto message = std::to_string(step);
          for (const auto& [p, socket] : open) {
            if (socket.second == user && reached.count(socket.first.token()) != 0) {
              owed[socket.first.token()].push_back(message);
            }
          }
          w.publish(user, message);
        }
      }
    }
    std::set<std::uint64_t> still_open;
    for (const auto& [place, socket] : open) still_open.insert(socket.first.token());
    w.settle();
    for (const auto& [token, messages] : w.got) {
      ASSERT_LE(messages.size(), owed[token].size()) << "seed " << seed;
      ASSERT_TRUE(std::equal(messages.begin(), messages.end(), owed[token].begin())) << "seed " << seed;
    }
    for (const auto token : still_open) ASSERT_EQ(w.got[token], owed[token]) << "seed " << seed;
    for (const auto& [place, socket] : open) w.close(socket.first);
    w.settle();
    ASSERT_THAT(w.subscribed, IsEmpty()) << "seed " << seed;
  }
}

TEST(RouterOfSessions, SharesAUsersChannelWithPlainSockets) {
  router routes;
  const socket_id plain{3, 1}, session{3 | socket_id::session_bit, 1};
  EXPECT_EQ(socket_id::from_token(session.token()), session);
  routes.wait(plain, "bob");
  routes.wait(session, "bob");
  EXPECT_TRUE(routes.attach(session));
  EXPECT_TRUE(routes.attach(plain));
  std::vector<std::uint64_t> found;
  routes.each_attached("bob", [&](socket_id id) { found.push_back(id.token()); });
  EXPECT_THAT(found, ElementsAre(session.token(), plain.token()));
  EXPECT_FALSE(routes.leave(plain));
  EXPECT_FALSE(routes.attached(plain));
  EXPECT_EQ(routes.user_of(session), "bob");
  EXPECT_EQ(routes.leave(session), "bob");
}

}  // namespace
}  // namespace gateway

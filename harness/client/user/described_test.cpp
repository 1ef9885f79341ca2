// What a user does at targets that are not shaped like the reference: actions by pointers, lists in every order.
#include "harness/client/test/described_fixture.hpp"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

namespace client {
namespace {

using namespace std::chrono_literals;
using test::DescribedTest;
using test::ok;

const std::string described = R"(users: { pattern: { columns: { name: "u${n}", email: "u${n}@x" } } }
login:
  steps:
    - request: POST /in
      json: { email: "${email}" }
      capture: { token: /token, uid: { pointer: /user/id } }
  id: "${uid}"
  headers: { Authorization: "Token ${token}" }
rest:
  create_chat:
    steps:
      - request: POST /rooms
        json: { with: ["${peer.id}"], "${self.name}": true }
        expect: 201
        capture: { room: /room/id }
      - request: POST /rooms/${room}/join
        as: peer
        json: { by: "${self.name}", of: "${peer.name}" }
    id: "${room}"
  list_chats: { request: GET /rooms, items: /rooms, id: /id, participants: /who }
  send:
    request: POST /rooms/${chat.id}/posts?n=${nonce}
    json: { text: "${text}", room: "${chat.id}", at: "${now}" }
    headers: { Authorization: null, X-Other: "${token}" }
    expect: [200, 201]
    id: /post/id
    time: /post/ts
  history: { request: "GET /rooms/${chat.id}/posts", query: { before: "${cursor}", limit: "${limit}", filter: { to: "${peer.id}" } },
             items: /posts, id: /id, text: /t, sender: /by/id, time: /ts, only: { pointer: /kind, equals: post }, order: newest_first,
             pages: { style: before, size: 2, end: empty_page } }
)";

TEST_F(DescribedTest, ActionsByPointers) {
  describe(described);
  answers_["POST /in"] = [](const std::string& request) {
    const bool first = request.find("u1@x") != std::string::npos;
    return ok(first ? R"({"token":"T1","user":{"id":9007199254740993}})" : R"({"token":"T2","user":{"id":12}})");
  };
  say("POST /rooms", ok(R"({"room":{"id":123456789012345678901234567890}})", "201 Created"));
  const std::string room = "123456789012345678901234567890";
  say("POST /rooms/" + room + "/join", ok("{}"));
  auto alice = make("a", 0);
  auto bob = make("b", 1);
  const auto made = run<reply<chat>>([&](auto done) { alice.create_chat(bob, done); });
  ASSERT_TRUE(made.ok()) << made.summary();
  EXPECT_EQ(made.value->id, room);
  EXPECT_EQ(alice.id(), "9007199254740993");
  EXPECT_EQ(bob.id(), "12");
  EXPECT_EQ(bob.name_of_chat(room), room);
  EXPECT_TRUE(last(2).ends_with("{\"with\":[12],\"u1\":true}")) << last(2);
  EXPECT_TRUE(last_has("Authorization: Token T2\r\n"));
  EXPECT_TRUE(last().ends_with("{\"by\":\"u2\",\"of\":\"u1\"}"));

  answers_.clear();
  const auto sent = run<reply<message>>([&](auto done) { bob.send(room, "a \"b\"", done); });
  EXPECT_EQ(sent.status(), 404);
  EXPECT_FALSE(sent.accepted);
  EXPECT_TRUE(last().find("{\"text\":\"a \\\"b\\\"\",\"room\":" + room + ",\"at\":1") != std::string::npos) << last();
  EXPECT_FALSE(last_has("Authorization"));
  EXPECT_TRUE(last_has("X-Other: T2\r\n"));
  EXPECT_TRUE(last_has("POST /rooms/" + room + "/posts?n="));
  EXPECT_EQ(bob.send_body(room, "null", true).substr(0, 13), "{\"text\":null,");
}

TEST_F(DescribedTest, AHistoryFromTheNewestBack) {
  describe(described);
  say("POST /in", ok(R"({"token":"T","user":{"id":1}})"));
  const std::string base = "GET /rooms/7/posts?";
  auto alice = make("a", 0);
  auto bob = make("b", 1);
  answers_["POST /rooms"] = [](const std::string&) { return ok(R"({"room":{"id":7}})", "201 Created"); };
  say("POST /rooms/7/join", ok("{}"));
  ASSERT_TRUE(run<reply<chat>>([&](auto done) { alice.create_chat(bob, done); }).ok());
  const std::string to = "&filter=%7B%22to%22%3A1%7D";
  say(base + "limit=2" + to,
      ok(R"({"posts":[{"id":9,"kind":"post","t":"c","by":{"id":1},"ts":3},{"id":8,"kind":"join"}]})"));
  say(base + "before=8&limit=2" + to,
      ok(R"({"posts":[{"id":7,"kind":"post","t":"b"},{"id":6,"kind":"post","t":"a"}]})"));
  say(base + "before=6&limit=2" + to, ok(R"({"posts":[]})"));
  const auto all = run<walk>([&](auto done) { alice.walk_history("7", done); });
  ASSERT_TRUE(all.complete) << all.problem << requests_.back();
  ASSERT_EQ(all.messages.size(), 3U);
  EXPECT_EQ(all.messages[0], (message{"6", "", "", "", "a", ""}));
  EXPECT_EQ(all.messages[2], (message{"9", "", "1", "", "c", "3"}));
  const auto before = requests_.size();
  const auto later = run<walk>([&](auto done) { alice.walk_history("7", done, {.after = "7"}); });
  ASSERT_EQ(later.messages.size(), 1U);
  EXPECT_EQ(later.messages[0].id, "9");
  EXPECT_EQ(requests_.size() - before, 2U);  // what is older was not asked for
  const auto page = run<reply<client::page<message>>>([&](auto done) { alice.history("7", {}, done); });
  ASSERT_TRUE(page.ok()) << page.summary();
  EXPECT_EQ(page.value->items.size(), 1U);
}

std::string list_of(const std::string& pages) {
  return "login: { headers: { X-User: \"${name}\" } }\nrest:\n"
         "  send: { request: POST /s, text: \"${text}\", id: /id }\n"
         "  history: { request: \"GET /h\", query: { page: \"${page}\", offset: \"${offset}\", cursor: \"${cursor}\" "
         "}, items: "
         "/m, id: /id, text: /t, " +
         pages + " }\n";
}

TEST_F(DescribedTest, EveryStyleOfPages) {
  const auto ids = [&](const std::string& pages) {
    requests_.clear();
    describe(list_of(pages));
    auto alice = make("a", 0);
    const auto got = run<walk>([&](auto done) { alice.walk_history("1", done); });
    std::string out = got.complete ? "" : got.problem + " ";
    for (const auto& each : got.messages) out += each.id;
    return out + " in " + std::to_string(requests_.size());
  };
  say("GET /h?page=1&offset=1", ok(R"({"m":[{"id":1},{"id":2}],"next":"n"})"));
  EXPECT_EQ(ids("pages: { style: none }"), "12 in 1");

  say("GET /h?page=2&offset=2", ok(R"({"m":[{"id":3}],"next":null})"));
  EXPECT_EQ(ids("pages: { style: page }"), "123 in 3");                   // the third is a 404: behind the last
  EXPECT_EQ(ids("pages: { style: page, end: short_page }"), "123 in 2");  // shorter than the first
  EXPECT_EQ(ids("pages: { style: page, next: /next, end: null }"), "123 in 2");

  say("GET /h?page=0&offset=0", ok(R"({"m":[{"id":1},{"id":2}]})"));
  say("GET /h?page=2&offset=2", ok(R"({"m":[{"id":3},{"id":2}]})"));  // one came twice: the list moved
  say("GET /h?page=4&offset=4", ok(R"({"m":[]})"));
  EXPECT_EQ(ids("pages: { style: offset }"), "1232 in 3");
  EXPECT_EQ(ids("order: newest_first, pages: { style: offset }"), "2321 in 3");
  EXPECT_EQ(ids("order: newest_first, pages: { style: offset, direction: newer }"), "2123 in 3");

  say("GET /h?page=1&offset=1", ok(R"({"m":[{"id":1},{"id":2}],"next":"k"})"));
  say("GET /h?page=1&offset=1&cursor=2", ok(R"({"m":[{"id":3}]})"));
  say("GET /h?page=1&offset=1&cursor=3", ok(R"({"m":[]})"));
  say("GET /h?page=1&offset=1&cursor=k", ok(R"({"m":[{"id":5}],"next":""})"));
  EXPECT_EQ(ids("pages: { style: after }"), "123 in 3");
  EXPECT_EQ(ids("pages: { style: token, next: /next }"), "125 in 2");

  say("GET /h?page=1&offset=1", ok(R"({"m":[{"id":1}],"next":"?page=9"})"));
  say("GET /h?page=9", ok(R"({"m":[{"id":2}],"next":"?page=9"})"));
  EXPECT_EQ(ids("pages: { style: next_link, next: { pointer: /next } }"),
            "the next page '/h?page=9' was read already 12 in 2");
  say("GET /h?page=9", ok(R"({"m":[{"id":2}],"next":null})"));
  EXPECT_EQ(ids("pages: { style: next_link, next: { pointer: /next } }"), "12 in 2");
}

TEST_F(DescribedTest, ChatsThatNeedNoStep) {
  describe(
      "login: { headers: { X-User: \"${name}\" } }\nrest:\n  create_chat: { id: \"${peer.name}\" }\n"
      "  send: { request: \"POST /to/${chat.id}\", form: { m: \"${text}\" }, id: /id }\n");
  auto alice = make("alice", 0);
  auto bob = make("bob", 1);
  auto carol = make("carol", 2);
  const auto ab = run<reply<chat>>([&](auto done) { alice.create_chat(bob, done); });
  const auto cb = run<reply<chat>>([&](auto done) { carol.create_chat(bob, done); });
  ASSERT_TRUE(ab.ok() && cb.ok());
  EXPECT_NE(ab.value->id, cb.value->id);
  say("POST /to/bob", ok("{\"id\":\"m1\"}"));
  say("POST /to/alice", ok("{\"id\":\"m2\"}"));
  say("POST /to/carol", ok("{\"id\":\"m3\"}"));
  EXPECT_EQ(run<reply<message>>([&](auto done) { alice.send(ab.value->id, "x y", done); }).value->id, "m1");
  EXPECT_TRUE(last().ends_with("\r\n\r\nm=x%20y"));
  EXPECT_EQ(run<reply<message>>([&](auto done) { bob.send(ab.value->id, "x", done); }).value->id, "m2");
  EXPECT_EQ(run<reply<message>>([&](auto done) { bob.send(cb.value->id, "x", done); }).value->id, "m3");
  EXPECT_EQ(bob.name_of_chat(ab.value->id), "alice");
  EXPECT_TRUE(last_has("X-User: bob\r\n"));
}

TEST_F(DescribedTest, MessagesKeepTheDeclaredDistance) {
  describe(
      "login: none\nerrors: { rate_limit: 100ms }\nrest:\n  send: { request: POST /m, text: \"${text}\", id: /id }\n");
  say("POST /m", ok("{\"id\":1}"));
  auto alice = make("a", 0);
  const auto began = clock::now();
  std::vector<time_point> sent;
  for (int i = 0; i < 3; ++i) {
    alice.send("1", "x", [&](const reply<message>& got) { sent.push_back(got.exchange.started); });
  }
  ASSERT_TRUE(pump(
      io_, [&] { return sent.size() == 3; }, clock::now() + 20s));
  EXPECT_GE(sent[1] - began, 100ms);
  EXPECT_GE(sent[2] - began, 200ms);
}

TEST_F(DescribedTest, AMessageThatGoesOutLateMovesTheNext) {
  describe(
      "login: none\nerrors: { rate_limit: 100ms }\nrest:\n  send: { request: POST /m, text: \"${text}\", id: /id }\n");
  say("POST /m", ok("{\"id\":1}"));
  auto alice = make("a", 0);
  std::vector<time_point> sent;
  for (int i = 0; i < 3; ++i) {
    alice.send("1", "x", [&](const reply<message>& got) { sent.push_back(got.exchange.started); });
  }
  std::this_thread::sleep_for(180ms);  // the loop stands still while the second one is due
  ASSERT_TRUE(pump(
      io_, [&] { return sent.size() == 3; }, clock::now() + 20s));
  EXPECT_GE(sent[2] - sent[1], 50ms);  // it would be 20; told is a moment after what the distance counts from
}

}  // namespace
}  // namespace client

// The unbroken server keeps the chat contract: identity, chats, messages, delivery, lifecycle.
#include "conformance/selftest/faulty/fault_table.hpp"
#include "conformance/selftest/faulty/test/running.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <iterator>

namespace faulty::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
namespace json = boost::json;

std::string messages_of(std::int64_t chat) {
  return fmt::format("/api/v1/chats/{}/messages/", chat);
}

TEST(Faulty, TokensAreCheckedOnRestAndSocket) {
  Running server;
  const auto claims = [](std::int64_t lives_s) {
    return fmt::format(R"({{"sub":"bob","exp":{}}})", from_now(lives_s));
  };
  const std::string good = token_of(claims(60));
  std::string altered = good;
  altered.back() = altered.back() == 'A' ? 'B' : 'A';
  const std::vector<std::pair<std::string, std::string>> bad{
      {"none", ""},
      {"garbage", "garbage"},
      {"expired", token_of(claims(-1))},
      {"expires now", token_of(claims(0))},
      {"other key", token_of(claims(60), "another secret, also of thirty-two bytes")},
      {"altered", altered},
      {"alg none", token_of(claims(60), secret, R"({"alg":"none"})")},
      {"alg HS512", token_of(claims(60), secret, R"({"alg":"HS512"})")},
      {"crit", token_of(claims(60), secret, R"({"alg":"HS256","crit":["x"]})")},
      {"no exp", token_of(R"({"sub":"bob"})")},
      {"exp text", token_of(R"({"sub":"bob","exp":"99999999999"})")},
      {"not yet", token_of(fmt::format(R"({{"sub":"bob","exp":{},"nbf":{}}})", from_now(60), from_now(30)))},
      {"no user id", token_of(fmt::format(R"({{"sub":"b b","exp":{}}})", from_now(60)))},
  };
  for (const auto& [name, token] : bad) {
    const Response rest = server.call("GET", "/api/v1/chats/", token);
    EXPECT_EQ(rest.status, 401) << name;
    EXPECT_EQ(rest.headers.at("www-authenticate"), "Bearer") << name;
    EXPECT_EQ(rest.headers.at("content-type"), "application/problem+json") << name;
    EXPECT_EQ(WebSocketClient(server.port(), token).answer().status, 401) << name;
  }
  EXPECT_EQ(server.call("GET", "/api/v1/chats/", good).status, 200);
  EXPECT_EQ(WebSocketClient(server.port(), "", "?access_token=" + good).answer().status, 101);
  EXPECT_EQ(server.call("GET", "/api/v1/chats/?access_token=" + good, "").status, 401);
  const std::string other = token_for("eve");
  EXPECT_EQ(server.call("GET", "/api/v1/chats/?access_token=" + other, good).status, 400);
  EXPECT_EQ(WebSocketClient(server.port(), good, "?access_token=" + other).answer().status, 400);
}

TEST(Faulty, ChatsBelongToTwo) {
  Running server;
  const auto made = server.as("bob", 201, "POST", "/api/v1/chats/", R"({"participant":"alice"})").as_object();
  EXPECT_EQ(json::serialize(made.at("participants")), R"(["alice","bob"])");
  EXPECT_EQ(made.at("created_at").as_string().size(), std::string("2026-11-24T05:08:53.000123Z").size());
  EXPECT_EQ(server.as("alice", 200, "POST", "/api/v1/chats", R"({"participant":"bob"})"), made);
  for (const auto* user : {"alice", "bob"}) {
    const auto list = server.as(user, 200, "GET", "/api/v1/chats/");
    EXPECT_EQ(list, (json::value{{"results", {made}}, {"next", nullptr}}));
    EXPECT_EQ(server.as(user, 200, "GET", "/api/v1/chats/1"), made);
  }
  EXPECT_EQ(server.as("eve", 200, "GET", "/api/v1/chats/").at("results"), json::array());
  for (const auto* path : {"/api/v1/chats/1", "/api/v1/chats/1/messages/", "/api/v1/chats/1/messages/1/"})
    EXPECT_EQ(server.as("eve", 404, "GET", path).at("status"), 404) << path;
  EXPECT_EQ(server.call("GET", "/api/v1/chats/1/", token_for("eve")).body,
            server.call("GET", "/api/v1/chats/99/", token_for("eve")).body);
  server.as("eve", 404, "POST", "/api/v1/chats/1/messages/", R"({"body":"hi"})");
  EXPECT_THAT(server.history(1, "bob"), IsEmpty());
}

TEST(Faulty, AMessageReachesEachSocketOfItsRecipientOnceAndNobodyElse) {
  Running server;
  const auto chat = server.chat("alice", "bob");
  server.chat("alice", "eve");
  auto bob = server.socket("bob"), bob_too = server.socket("bob"), alice = server.socket("alice"),
       eve = server.socket("eve");
  const std::string body = "  \U0001F600 e\u0301 \u2028 \"<b>\" \\ 'x' \u05d0 ";
  const auto sent = server.as("alice", 201, "POST", messages_of(chat),
                              json::serialize(json::object{{"body", body}, {"sender", "eve"}, {"id", 7}}));
  EXPECT_EQ(sent.at("sender").as_string(), "alice");
  EXPECT_EQ(sent.at("recipient").as_string(), "bob");
  EXPECT_EQ(std::string_view(sent.at("body").as_string()), body);
  const json::value frame{{"event", "message"}, {"data", sent}};
  for (auto* socket : {&bob, &bob_too}) EXPECT_EQ(json::parse(socket->text()), frame);
  for (auto* socket : {&bob, &bob_too, &alice, &eve}) EXPECT_THAT(socket->texts_so_far(), IsEmpty());
  EXPECT_EQ(server.as("bob", 200, "GET", messages_of(chat)), (json::value{{"results", {sent}}, {"next", nullptr}}));
  EXPECT_EQ(server.as("bob", 200, "GET", fmt::format("{}{}", messages_of(chat), sent.at("id").as_int64())), sent);
}

TEST(Faulty, FramesComeInTheOrderOfHistoryWhileManyConnectionsPost) {
  Running server;
  const auto chat = server.chat("alice", "bob");
  auto bob = server.socket("bob"), bob_too = server.socket("bob");
  constexpr int connections = 8, each = 40;
  std::vector<Connection> senders;
  const std::string request = fmt::format(
      "POST {} HTTP/1.1\r\nHost: f\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\n"
      "Content-Length: 12\r\n\r\n{{\"body\":\"x\"}}",
      messages_of(chat), token_for("alice"));
  for (int i = 0; i < connections; ++i) senders.emplace_back(server.port());
  for (int i = 0; i < each; ++i)
    for (auto& sender : senders) sender.send(request);
  for (auto& sender : senders)
    for (int i = 0; i < each; ++i) EXPECT_EQ(read_response(sender).status, 201);
  const auto history = server.history(chat, "bob");
  EXPECT_EQ(history.size(), static_cast<std::size_t>(connections * each));
  EXPECT_EQ(ids_of(bob.texts_so_far()), history);
  EXPECT_EQ(ids_of(bob_too.texts_so_far()), history);
}

TEST(Faulty, WhatIsMissedIsInHistoryAndNeverReplayed) {
  Running server;
  const auto chat = server.chat("alice", "bob");
  const auto missed = server.post(chat, "alice", "while away");
  for (int i = 0; i < 3; ++i) {
    auto bob = server.socket("bob");
    EXPECT_THAT(bob.texts_so_far(), IsEmpty());
    const auto live = server.post(chat, "alice", "while here");
    EXPECT_EQ(id_of(bob.text()), live);
  }
  EXPECT_EQ(server.history(chat, "bob").front(), missed);
  EXPECT_EQ(server.history(chat, "bob").size(), 4u);
}

TEST(Faulty, NothingIsOnASocketBeforeItCanBeRead) {
  Running server({"--commit-delay", "30ms"});
  const auto chat = server.chat("alice", "bob");
  auto bob = server.socket("bob");
  for (int i = 0; i < 3; ++i) {
    Connection sender(server.port());
    sender.send(
        fmt::format("POST {} HTTP/1.1\r\nHost: f\r\nAuthorization: Bearer {}\r\nContent-Type: application/json"
                    "\r\nContent-Length: 12\r\n\r\n{{\"body\":\"x\"}}",
                    messages_of(chat), token_for("alice")));
    server.as("bob", 200, "GET", fmt::format("{}{}", messages_of(chat), id_of(bob.text())));
  }
}

TEST(Faulty, PagesWalkBothWaysAndLoseNothing) {
  Running server({"--commit-delay", "0us"});
  const auto chat = server.chat("alice", "bob"), other = server.chat("alice", "eve");
  std::vector<std::int64_t> sent;
  for (int i = 0; i < 7; ++i) {
    sent.push_back(server.post(chat, i % 2 ? "alice" : "bob", "m"));
    server.post(other, "eve", "elsewhere");
  }
  EXPECT_EQ(server.history(chat, "bob", 3), sent);
  EXPECT_EQ(server.history(chat, "bob", 7), sent);
  std::vector<std::int64_t> backwards;
  std::string path = messages_of(chat) + "?limit=3";
  for (int pages = 0; pages < 3; ++pages) {
    const auto page = server.as("bob", 200, "GET", path);
    std::vector<std::int64_t> ids;
    for (const auto& row : page.at("results").as_array()) ids.push_back(row.at("id").as_int64());
    backwards.insert(backwards.begin(), ids.begin(), ids.end());
    ASSERT_EQ(page.at("next").is_null(), pages == 2);
    if (pages < 2) path = std::string(std::string_view(page.at("next").as_string()));
  }
  EXPECT_EQ(backwards, sent);
  EXPECT_EQ(server.as("bob", 200, "GET", messages_of(chat) + "?after=6").at("results").as_array().size(), 4u)
      << "an id of another chat is only a position";
  const auto chats = server.as("alice", 200, "GET", "/api/v1/chats/?limit=1");
  EXPECT_EQ(chats.at("next").as_string(), "/api/v1/chats/?limit=1&after=1");
  EXPECT_TRUE(server.as("alice", 200, "GET", "/api/v1/chats/?limit=1&after=1").at("next").is_null());
  for (const auto* query : {"limit=0", "limit=201", "limit=x", "limit=", "limit=1&limit=2", "limit=-1", "after=-1",
                            "after=1&before=2", "before=9007199254740992", "after=%zz"})
    EXPECT_EQ(server.call("GET", messages_of(chat) + "?" + query, token_for("bob")).status, 400) << query;
}

TEST(Faulty, AnIdempotencyKeyStoresAndPublishesOnce) {
  Running server;
  const auto chat = server.chat("alice", "bob");
  auto bob = server.socket("bob");
  const auto send = [&](const std::string& body, const std::string& key) {
    return server.call("POST", messages_of(chat), token_for("alice"), R"({"body":")" + body + R"("})",
                       "Idempotency-Key: " + key + "\r\n");
  };
  const Response first = send("a", "k");
  EXPECT_EQ(first.status, 201);
  EXPECT_EQ(send("a", "k").status, 200);
  EXPECT_EQ(send("a", "k").body, first.body);
  EXPECT_EQ(send("b", "k").status, 422);
  EXPECT_EQ(send("a", "two words").status, 400);
  EXPECT_EQ(send("a", "other").status, 201);
  EXPECT_THAT(ids_of(bob.texts_so_far()), ElementsAre(1, 2));
}

TEST(Faulty, ReadyMeansRegistered) {
  Running server({"--commit-delay", "0us"});
  const auto chat = server.chat("alice", "bob");
  for (int i = 0; i < 50; ++i) {
    auto bob = server.socket("bob");
    const auto id = server.post(chat, "alice", "m");
    ASSERT_EQ(id_of(bob.text()), id);
  }
}

TEST(Faulty, AnExpiredTokenClosesItsSocketWithinASecond) {
  Running server;
  const auto earliest = from_now(2);
  auto bob = server.socket("bob", 2);
  const auto latest = from_now(2);
  EXPECT_EQ(bob.next().close_code(), 4401);
  const double now = std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  EXPECT_GE(now, static_cast<double>(earliest));
  EXPECT_LT(now, static_cast<double>(latest) + 3);  // the machine may be busy
}

TEST(Faulty, PingsAreSentAndADeadClientIsDropped) {
  Running server({"--ping-interval", "100ms", "--ping-timeout", "2s"});
  auto alive = server.socket("bob"), dead = server.socket("bob");
  for (int i = 0; i < 25; ++i) {  // longer than a socket lives without pongs
    const Frame ping = alive.next();
    ASSERT_EQ(ping.opcode, 9);
    alive.send(10, ping.payload);
  }
  EXPECT_EQ(dead.next().opcode, 9);
  EXPECT_TRUE(dead.connection().ends());
  EXPECT_THAT(alive.texts_so_far(), IsEmpty());
}

TEST(Faulty, WhatAClientWritesToItsSocketIsIgnored) {
  Running server;
  const auto chat = server.chat("alice", "bob");
  auto bob = server.socket("bob"), alice = server.socket("alice");
  alice.send(1, fmt::format(R"({{"event":"message","data":{{"chat_id":{},"body":"x"}}}})", chat));
  alice.send(2, std::string(4096, '\0'));
  EXPECT_THAT(alice.texts_so_far(), IsEmpty());
  EXPECT_THAT(server.history(chat, "bob"), IsEmpty());
  EXPECT_THAT(bob.texts_so_far(), IsEmpty());
  alice.send(1, std::string(4097, 'x'));
  EXPECT_EQ(alice.next().close_code(), 1009);
  bob.send(8, "\x03\xe8");
  EXPECT_EQ(bob.next().close_code(), 1000);
  EXPECT_TRUE(bob.connection().ends());
}

TEST(Faulty, ShutdownFinishesWhatWasAcceptedAndSaysGoodbye) {
  Running server({"--commit-delay", "200ms"});
  const auto chat = server.chat("alice", "bob");
  auto bob = server.socket("bob");
  Connection sender(server.port());
  sender.send(
      fmt::format("POST {} HTTP/1.1\r\nHost: f\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\n"
                  "Content-Length: 12\r\nExpect: 100-continue\r\n\r\n",
                  messages_of(chat), token_for("alice")));
  EXPECT_EQ(sender.read_to("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  server.terminate();
  sender.send(R"({"body":"x"})");
  EXPECT_EQ(read_response(sender).status, 201);
  EXPECT_EQ(id_of(bob.text()), 1);
  const Frame goodbye = bob.next();
  EXPECT_EQ(goodbye.close_code(), 1001);
  bob.send(8, goodbye.payload);
  sender.finish_sending();
  EXPECT_EQ(server.wait(), 0);
}

TEST(Faulty, LoginIsOffUnlessAskedFor) {
  Running plain, open({"--dev-login"});
  EXPECT_EQ(plain.call("POST", "/api/v1/login/", "", R"({"user":"bob"})").status, 404);
  const auto login = json::parse(open.call("POST", "/api/v1/login/", "", R"({"user":"bob"})").body);
  const std::string token(std::string_view(login.at("token").as_string()));
  EXPECT_EQ(open.call("GET", "/api/v1/chats/", token).status, 200);
}

TEST(FaultyFlags, WrongOnesAreOneLineAndExitCodeTwo) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> wrong{
      {{"--no-such-flag"}, "--no-such-flag"},
      {{"extra"}, "extra"},
      {{"--fault", "no_such_fault"}, "no_such_fault"},
      {{"--fault", "broadcast=2"}, "from 0 to 1"},
      {{"--fault", "broadcast=nan"}, "from 0 to 1"},
      {{"--fault", "broadcast="}, "from 0 to 1"},
      {{"--fault", "broadcast@3/2"}, "K < N"},
      {{"--listen", "nowhere"}, "ADDRESS:PORT"},
      {{"--commit-delay", "2"}, "unit"},
      {{"--secret-file", "/nonexistent"}, "/nonexistent"},
      {{"--log", "/nonexistent/log"}, "/nonexistent/log"},
  };
  for (const auto& [flags, part] : wrong) {
    const auto [code, text] = run_to_end(flags);
    EXPECT_EQ(code, 2) << part;
    EXPECT_THAT(text, HasSubstr(part));
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1) << text;
  }
  const auto [code, text] = run_to_end({}, false);
  EXPECT_EQ(code, 2);
  EXPECT_THAT(text, HasSubstr("ROLLCALL_SECRET"));
}

TEST(FaultyFlags, TheListAndTheReadmeHaveEveryFault) {
  const auto [code, text] = run_to_end({"--list-faults"}, false);
  EXPECT_EQ(code, 0);
  std::ifstream file(ROLLCALL_SOURCE "/conformance/selftest/faulty/README.md");
  const std::string readme(std::istreambuf_iterator<char>(file), {});
  for (const auto& row : fault_table) {
    EXPECT_THAT(text, HasSubstr(std::string(row.name)));
    EXPECT_THAT(readme,
                HasSubstr(fmt::format("| {} | {} | {} | {} |", row.name, row.where, row.caught_by, row.sentence)));
  }
}

}  // namespace
}  // namespace faulty::test

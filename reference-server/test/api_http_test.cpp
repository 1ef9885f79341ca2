// One api process as an HTTP/1.1 server: methods, pages of other origins, logging in, the order of errors (framing:
// framing_test.cpp).
#include "reference-server/test/api_fixture_test.hpp"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <chrono>

namespace api_test {
namespace {

constexpr const char* page = "http://chat.example.test:3000";

// One stack for all of these: they do not disturb each other.
class ApiHttp : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    place_ = std::make_unique<environment>(1, "", std::vector<std::string>{"--dev-login", "--origin", page}).release();
  }
  static void TearDownTestSuite() { delete place_; }
  static const environment& place() { return *place_; }
  // Nobody else's users.
  std::string alice_ = std::string(testing::UnitTest::GetInstance()->current_test_info()->name()) + ".alice";
  std::string bob_ = std::string(testing::UnitTest::GetInstance()->current_test_info()->name()) + ".bob";

 private:
  static environment* place_;
};
environment* ApiHttp::place_ = nullptr;

std::string messages_of(std::int64_t chat) {
  return "/api/v1/chats/" + std::to_string(chat) + "/messages/";
}

TEST_F(ApiHttp, HeadWhereverGet) {
  const std::int64_t chat = place().create_chat(alice_, bob_);
  const auto alice = place().as(alice_);
  const std::int64_t message = alice->send(chat, "hi").id();
  for (const std::string& path :
       std::vector<std::string>{"/api/v1/chats/", "/api/v1/chats/" + std::to_string(chat), messages_of(chat),
                                messages_of(chat) + std::to_string(message), messages_of(chat) + "?limit=0",
                                "/api/v1/chats/9007199254740991", "/nowhere"}) {
    const answer whole = alice->get(path);
    const answer head = alice->ask("HEAD", path, "", "");
    EXPECT_EQ(head.status, whole.status) << path;
    EXPECT_EQ(head.body, "") << path;
    EXPECT_EQ(field(head.head, "Content-Length"), std::to_string(whole.body.size())) << path;
    EXPECT_EQ(field(head.head, "Content-Type"), field(whole.head, "Content-Type")) << path;
  }
  EXPECT_EQ(alice->get(messages_of(chat)).status, 200) << "the connection has lost its place";
}

TEST_F(ApiHttp, OptionsTellsTheMethodsWithoutACredential) {
  client nobody(place().stack->base_urls()[0], "");
  const auto allow = [&](const std::string& path) {
    const answer told = nobody.ask("OPTIONS", path, "", "");
    EXPECT_EQ(told.status, 204) << path;
    EXPECT_EQ(told.body, "");
    EXPECT_EQ(field(told.head, "Content-Length"), "");
    return field(told.head, "Allow");
  };
  EXPECT_EQ(allow("/api/v1/chats"), "POST, GET, HEAD, OPTIONS");
  EXPECT_EQ(allow("/api/v1/chats/1/"), "GET, HEAD, OPTIONS");
  EXPECT_EQ(allow("/api/v1/chats/1/messages/"), "POST, GET, HEAD, OPTIONS");
  EXPECT_EQ(allow("/api/v1/chats/1/messages/2/"), "GET, HEAD, OPTIONS");
  EXPECT_EQ(allow("/api/v1/login/"), "POST, OPTIONS");
  EXPECT_EQ(allow("*"), "");
  EXPECT_EQ(nobody.ask("OPTIONS", "/nowhere", "", "").status, 404);
  const answer refused = nobody.ask("DELETE", "/api/v1/chats/1", "", "");
  EXPECT_EQ(refused.status, 405);
  EXPECT_EQ(field(refused.head, "Allow"), "GET, HEAD, OPTIONS");
}

TEST_F(ApiHttp, PagesOfAConfiguredOriginMayCall) {
  client nobody(place().stack->base_urls()[0], "");
  const auto alice = place().as(alice_);
  const std::string origin = "Origin: " + std::string(page) + "\r\n";
  const answer preflight = nobody.ask("OPTIONS", "/api/v1/chats/1/messages/",
                                      origin +
                                          "Access-Control-Request-Method: POST\r\n"
                                          "Access-Control-Request-Headers: authorization,content-type\r\n",
                                      "");
  EXPECT_EQ(preflight.status, 204);
  EXPECT_EQ(field(preflight.head, "Access-Control-Allow-Origin"), page);
  EXPECT_EQ(field(preflight.head, "Access-Control-Allow-Methods"), "POST, GET, HEAD, OPTIONS");
  EXPECT_EQ(field(preflight.head, "Access-Control-Allow-Headers"), "Authorization, Content-Type, Idempotency-Key");
  EXPECT_NE(field(preflight.head, "Access-Control-Max-Age"), "");
  const std::string large = "Content-Length: 70000\r\nContent-Type: application/json\r\n";
  for (const answer& got :
       {alice->ask("GET", "/api/v1/chats/", origin, ""), nobody.ask("GET", "/api/v1/chats/", origin, ""),
        alice->ask("GET", "/nowhere", origin, ""), alice->post("/api/v1/chats/", "{", origin),
        place().as(alice_)->ask("POST", "/api/v1/chats/", origin + large, "")}) {
    EXPECT_EQ(field(got.head, "Access-Control-Allow-Origin"), page) << got.head;
    EXPECT_EQ(field(got.head, "Access-Control-Expose-Headers"), "Location, Retry-After") << got.head;
    EXPECT_EQ(field(got.head, "Vary"), "Origin") << got.head;
    EXPECT_EQ(got.head.find("Access-Control-Allow-Credentials"), std::string::npos);
  }
  for (const std::string& other : {std::string("Origin: http://chat.example.test\r\n"), std::string("Origin: null\r\n"),
                                   "Origin: " + std::string(page) + ".evil\r\n", std::string()}) {
    const answer got = alice->ask("GET", "/api/v1/chats/", other, "");
    EXPECT_EQ(got.status, 200) << "the browser decides, not the server";
    EXPECT_EQ(got.head.find("Access-Control"), std::string::npos) << got.head;
    EXPECT_EQ(field(got.head, "Vary"), "Origin");
  }
}

TEST_F(ApiHttp, LoggingInByName) {
  client nobody(place().stack->base_urls()[0], "");
  const answer in = nobody.post("/api/v1/login/", "{\"user\":\"" + alice_ + "\"}");
  EXPECT_EQ(in.status, 200);
  EXPECT_EQ(field(in.head, "Cache-Control"), "no-store");
  EXPECT_EQ(in.json().as_object().size(), 2U);
  client alice(place().stack->base_urls()[0], std::string(in.json().at("token").as_string()));
  const answer made = alice.post("/api/v1/chats", "{\"participant\":\"" + bob_ + "\"}");
  EXPECT_EQ(made.status, 201);
  EXPECT_EQ(made.json().at("participants"), (boost::json::array{alice_, bob_}));
  const std::string expiry(in.json().at("expires_at").as_string());
  EXPECT_EQ(expiry.size(), std::string("2026-11-24T05:00:00.000000Z").size());
  EXPECT_GT(expiry, made.json().at("created_at").as_string());
  EXPECT_EQ(nobody.post("/api/v1/login", R"({"user":"no spaces"})").status, 422);
  EXPECT_EQ(nobody.post("/api/v1/login", "{}").status, 422);
  EXPECT_EQ(nobody.post("/api/v1/login", "{").status, 400);
  EXPECT_EQ(nobody.ask("POST", "/api/v1/login", "Content-Type: text/plain\r\nContent-Length: 2\r\n", "{}").status, 415);
  EXPECT_EQ(nobody.get("/api/v1/login").status, 405);
}

TEST_F(ApiHttp, TheFirstErrorThatAppliesIsTold) {
  const auto alice = place().as(alice_);
  client nobody(place().stack->base_urls()[0], "bad");
  const std::string one = "/api/v1/chats/1/";
  const std::string large = "Content-Length: 70000\r\n";
  // Each request has the fault of its row and that of a later one.
  EXPECT_EQ(statuses(alice->talk("POST /nowhere HTTP/1.1\r\nHost: h\r\n" + large + "\r\n")), std::vector<int>{413});
  EXPECT_EQ(statuses(alice->talk("POST /nowhere HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\n")),
            std::vector<int>{501});
  EXPECT_EQ(statuses(alice->talk("POST /nowhere HTTP/1.1\r\n" + large + "\r\n")), std::vector<int>{400});
  EXPECT_EQ(nobody.ask("DELETE", "/nowhere", "", "").status, 404);
  EXPECT_EQ(nobody.ask("DELETE", one, "Authorization: Bearer two\r\n", "").status, 405);
  EXPECT_EQ(nobody.ask("GET", one, "Authorization: Bearer two\r\n", "").status, 400);
  EXPECT_EQ(nobody.ask("POST", one + "messages", "Content-Type: text/plain\r\nContent-Length: 1\r\n", "{").status, 401);
  EXPECT_EQ(alice->ask("POST", one + "messages", "Content-Type: text/plain\r\nContent-Length: 1\r\n", "{").status, 415);
  EXPECT_EQ(alice->ask("POST", one + "messages", "Content-Length: 2\r\n", "{}").status, 415);
  EXPECT_EQ(alice->post(one + "messages", "{").status, 400);
  EXPECT_EQ(alice->post(one + "messages", "{}", "Idempotency-Key: a b\r\n").status, 422);
  EXPECT_EQ(
      alice->post("/api/v1/chats/9007199254740991/messages", R"({"body":"x"})", "Idempotency-Key: a b\r\n").status,
      400);
  EXPECT_EQ(
      alice
          ->ask("POST", one + "messages", "Content-Type: Application/JSON; charset=utf-8\r\nContent-Length: 1\r\n", "{")
          .status,
      400)
      << "parameters and letter case of the media type do not matter";
}

}  // namespace
}  // namespace api_test

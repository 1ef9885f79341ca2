// One api process as an HTTP/1.1 server: methods, framing, limits, keep-alive, pages of other origins, logging in.
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

// The line of a field without its end; "" when it is not there.
std::string field(const std::string& head, const std::string& name) {
  const auto start = head.find("\r\n" + name + ": ");
  return start == std::string::npos
             ? ""
             : head.substr(start + name.size() + 4, head.find("\r\n", start + 2) - start - name.size() - 4);
}

// The statuses of all answers in these bytes.
std::vector<int> statuses(const std::string& said) {
  std::vector<int> all;
  for (auto at = said.find("HTTP/1.1 "); at != said.npos; at = said.find("HTTP/1.1 ", at + 1)) {
    all.push_back(std::stoi(said.substr(at + 9, 3)));
  }
  return all;
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

TEST_F(ApiHttp, BrokenFramingIsAnsweredAndCloses) {
  const auto alice = place().as(alice_);
  const std::string post = "POST /api/v1/chats/ HTTP/1.1\r\nHost: h\r\n" + alice->credential();
  for (const auto& [bytes, status] : std::vector<std::pair<std::string, int>>{
           {"nonsense\r\n\r\n", 400},
           {"GET /api/v1/chats/ HTTP/1.1\r\n\r\n", 400},
           {"GET /api/v1/chats/ HTTP/1.1\r\nHost: h\r\nHost: h\r\n\r\n", 400},
           {"GET /api/v1/chats/ HTTP/1.1\r\nHost: h\r\nX: a\r\n b\r\n\r\n", 400},
           {post + "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}", 400},
           {post + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
           {post + "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n", 400},
           {post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 501},
           {post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501},
           {"GET /" + std::string(8192, 'a') + " HTTP/1.1\r\nHost: h\r\n\r\n", 414},
           {"GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(16384, 'a') + "\r\n\r\n", 431},
           {post + "Content-Length: 65537\r\n\r\n", 413},
       }) {
    // What follows a request whose end is not known is not a request.
    const std::string said = alice->talk(bytes + "GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_EQ(statuses(said), std::vector<int>{status}) << bytes.substr(0, 120);
    EXPECT_EQ(field(said, "Connection"), "close");
    EXPECT_EQ(field(said, "Content-Type"), "application/problem+json");
    EXPECT_NE(said.find("\"status\":" + std::to_string(status)), std::string::npos);
  }
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

TEST_F(ApiHttp, PipelinedPostsAreCarriedOutOneAfterAnother) {
  const std::int64_t chat = place().create_chat(alice_, bob_);
  const auto alice = place().as(alice_);
  std::string requests;
  for (int i = 0; i < 20; ++i) {
    const std::string body = "{\"body\":\"" + std::to_string(i) + "\"}";
    requests += "POST " + messages_of(chat) + " HTTP/1.1\r\nHost: h\r\n" + alice->credential() +
                "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  }
  requests +=
      "GET " + messages_of(chat) + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n" + alice->credential() + "\r\n";
  const std::string said = alice->talk(requests);
  std::vector<int> expected(20, 201);
  expected.push_back(200);
  EXPECT_EQ(statuses(said), expected);
  const auto history = boost::json::parse(said.substr(said.rfind("\r\n\r\n") + 4)).at("results").as_array();
  ASSERT_EQ(history.size(), 20U) << "the GET was answered before a POST was carried out";
  for (std::size_t i = 0; i < history.size(); ++i) {
    EXPECT_EQ(history[i].at("body").as_string(), std::to_string(i));
  }
}

TEST_F(ApiHttp, ChunksExpectationsAndOldClientsWork) {
  const auto alice = place().as(alice_);
  const std::string body = "{\"participant\":\"" + bob_ + "\"}";
  const std::string head =
      "POST /api/v1/chats/ HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n" + alice->credential();
  char size[8];
  std::snprintf(size, sizeof size, "%zx", body.size() - 1);
  const std::string chunks =
      "1\r\n{\r\n" + std::string(size) + "\r\n" + body.substr(1) + "\r\n0\r\nX-Trailer: t\r\n\r\n";
  EXPECT_EQ(statuses(alice->talk(head + "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks)),
            std::vector<int>{201});
  const std::string sized = "Content-Length: " + std::to_string(body.size()) + "\r\n";
  EXPECT_EQ(alice->talk(head + "Expect: 100-continue\r\n" + sized + "\r\n", "\r\n\r\n"),
            "HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_EQ(statuses(alice->talk(head + "Expect: 100-continue\r\nConnection: close\r\n" + sized + "\r\n" + body)),
            std::vector<int>{200})
      << "a client that does not wait needs no invitation";
  EXPECT_EQ(statuses(alice->talk(head + "Expect: 100-continue\r\nContent-Length: 70000\r\n\r\n")),
            std::vector<int>{413})
      << "a body that will be refused is not asked for";
  const std::string old = alice->talk("GET /api/v1/chats/ HTTP/1.0\r\n" + alice->credential() + "\r\n");
  EXPECT_EQ(statuses(old), std::vector<int>{200});
  EXPECT_EQ(field(old, "Connection"), "close");
}

// A client that writes its whole body before it reads: a close with unread bytes would be a reset, which eats the
// answer.
TEST_F(ApiHttp, AnErrorSurvivesTheBodyBehindIt) {
  const auto alice = place().as(alice_);
  const std::string said = alice->talk("POST /api/v1/chats/ HTTP/1.1\r\nHost: h\r\n" + alice->credential() +
                                       "Content-Length: 200000\r\n\r\n" + std::string(200'000, 'x'));
  EXPECT_EQ(statuses(said), std::vector<int>{413});
}

}  // namespace
}  // namespace api_test

// How requests are told apart, with bytes written by hand: two of each of the server's processes behind HAProxy, and
// every request goes to one process itself, since a balancer would answer for it.
#include "reference-server/test/api_fixture_test.hpp"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include <cstdio>
#include <stdexcept>

namespace api_test {
namespace {

// One stack for all tests: they do not disturb each other.
struct shared_stack : testing::Environment {
  void SetUp() override {
    ::stack::options wanted;
    wanted.api = wanted.gateway = 2;
    wanted.balancer = true;
    place = std::make_unique<environment>(wanted);
  }
  void TearDown() override { place.reset(); }
  static inline std::unique_ptr<environment> place;
};
const testing::Environment* const started =
    testing::AddGlobalTestEnvironment(std::make_unique<shared_stack>().release());

const environment& place() {
  return *shared_stack::place;
}

struct mistake {
  std::string what;
  std::string bytes;
  int status;
};

std::vector<mistake> mistakes() {
  const std::string get = "GET /x HTTP/1.1\r\nHost: h\r\n", post = "POST /x HTTP/1.1\r\nHost: h\r\n", end = "\r\n\r\n";
  const std::string chunked = post + "Transfer-Encoding: chunked\r\n\r\n";
  std::vector<mistake> all{
      {"no request line", "nonsense\r\n\r\n", 400},
      {"no version", "GET /x\r\nHost: h\r\n\r\n", 400},
      {"a version that is none", "GET /x HTTP/2.0\r\nHost: h\r\n\r\n", 400},
      {"a version in small letters", "GET /x http/1.1\r\nHost: h\r\n\r\n", 400},
      {"a target that is no path", "GET x HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"two spaces", "GET  /x HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"no Host", "GET /x HTTP/1.1\r\n\r\n", 400},
      {"two equal Hosts", get + "Host: h\r\n\r\n", 400},
      {"two Hosts", get + "host: other\r\n\r\n", 400},
      {"a folded line", get + "X: a\r\n b\r\n\r\n", 400},
      {"a line folded with a tab", get + "X: a\r\n\tb\r\n\r\n", 400},
      {"a folded first line", "GET /x HTTP/1.1\r\n Host: h\r\n\r\n", 400},
      {"bare LF everywhere", "GET /x HTTP/1.1\nHost: h\n\n", 400},
      {"bare LF after the request line", "GET /x HTTP/1.1\nHost: h\r\n\r\n", 400},
      {"bare LF after a field", get + "X: a\n\r\n", 400},
      {"bare LF at the end", get + "\n", 400},
      {"bare CR in a value", get + "X: a\rY: b\r\n\r\n", 400},
      {"NUL in a value", get + "X: a" + std::string(1, '\0') + "b\r\n\r\n", 400},
      {"a space before the colon", post + "Content-Length : 2\r\n\r\n{}", 400},
      {"a field without a colon", get + "X\r\n\r\n", 400},
      {"a field without a name", get + ": x\r\n\r\n", 400},
      {"equal lengths", post + "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}", 400},
      {"different lengths", post + "Content-Length: 2\r\ncontent-length: 3\r\n\r\n{}", 400},
      {"a length and an encoding", post + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {"an encoding and a length", post + "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\n", 400},
      {"an encoding in HTTP/1.0", "POST /x HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {"an encoding like chunked", post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 501},
      {"an encoding before chunked", post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501},
      {"two encodings", post + "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 501},
      {"no encoding", post + "Transfer-Encoding: identity\r\nContent-Length: 2\r\n\r\n{}", 400},
      {"chunk data that go on", chunked + "1\r\n{}\r\n0\r\n\r\n", 400},
      {"a target over the limit", "GET /" + std::string(8192, 'a') + " HTTP/1.1\r\nHost: h\r\n\r\n", 414},
      {"a target without end", "GET /" + std::string(9000, 'a'), 414},
      {"a field over the limit", get + "X: " + std::string(16384, 'a') + end, 431},
      {"a body over the limit", post + "Content-Length: 65537\r\n\r\n", 413},
      {"a chunk over the limit", chunked + "10001\r\n", 413},
      {"chunks over the limit", chunked + "fffe\r\n" + std::string(0xfffe, 'x') + "\r\n3\r\nxxx\r\n0\r\n\r\n", 413},
  };
  for (const char* length : {"x", "", "-2", "+2", "2, 2", "2 2", "0x2", "2.0", "99999999999999999999999"}) {
    all.push_back({"the length " + std::string(length), post + "Content-Length: " + length + "\r\n\r\n{}", 400});
  }
  for (const char* size : {"zz", "", "-2", "+2", "0x2", "2 2", "g"}) {
    all.push_back({"the chunk size " + std::string(size), chunked + size + "\r\n{}\r\n0\r\n\r\n", 400});
  }
  std::string fields;
  for (int i = 0; i < 2000; ++i) fields += "X: aaaaaa\r\n";
  all.push_back({"fields over the limit", get + fields + "\r\n", 431});
  return all;
}

// The parameter is the process that is asked.
struct EveryProcess : testing::TestWithParam<std::string> {
  static ::client::part process() {
    for (const ::client::part& part : place().stack->list()) {
      if (part.name == GetParam()) return part;
    }
    throw std::runtime_error("there is no " + GetParam());
  }
  static std::string talk(const std::string& bytes) { return client("http://" + process().address, "").talk(bytes); }
};

TEST_P(EveryProcess, AnswersBrokenFramingOnceAndCloses) {
  const ::client::part before = process();
  for (const auto& [what, bytes, status] : mistakes()) {
    SCOPED_TRACE(what);
    // What follows a request whose end is not known is not a request.
    const std::string said = talk(bytes + "GET /x HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_EQ(statuses(said), std::vector<int>{status});
    EXPECT_EQ(field(said, "Connection"), "close");
    EXPECT_EQ(field(said, "Content-Type"), "application/problem+json");
    const auto told = boost::json::parse(said.substr(said.find("\r\n\r\n") + 4));
    EXPECT_EQ(told.at("status").as_int64(), status);
  }
  EXPECT_EQ(client("http://" + before.admin, "").get("/readyz").status, 200);
  EXPECT_EQ(process().pid, before.pid);
  EXPECT_FALSE(place().stack->failed());
}

TEST_P(EveryProcess, AnswersWhatStoodBeforeTheMistake) {
  const std::string nowhere = "GET /nowhere HTTP/1.1\r\nHost: h\r\n\r\n";
  EXPECT_EQ(statuses(talk(nowhere + nowhere + "GET /x HTTP/1.1\r\n\r\n" + nowhere)), (std::vector<int>{404, 404, 400}));
}

TEST_P(EveryProcess, ServesAnOldClientAndCloses) {
  for (const char* fields : {"", "Host: h\r\n", "Connection: keep-alive\r\n"}) {
    const std::string said = talk("GET /nowhere HTTP/1.0\r\n" + std::string(fields) + "\r\nGET / HTTP/1.0\r\n\r\n");
    EXPECT_EQ(statuses(said), std::vector<int>{404}) << fields;
    EXPECT_EQ(field(said, "Connection"), "close");
  }
}

INSTANTIATE_TEST_SUITE_P(Itself, EveryProcess, testing::Values("api1", "api2", "g1", "g2"),
                         [](const auto& one) { return one.param; });

// The parameter is the number of the api process.
struct EveryApi : testing::TestWithParam<int> {
  // Of each process its own users, so that no test finds what another one has made.
  static std::string name(const std::string& who) { return who + "-" + std::to_string(GetParam()); }
  static std::unique_ptr<client> user(const std::string& who) { return place().as(name(who), GetParam()); }
  static std::int64_t chat_of(client& one, const std::string& other) {
    return one.post("/api/v1/chats/", "{\"participant\":\"" + name(other) + "\"}").id();
  }
  static std::string post(const std::string& path, const client& as, const std::string& body) {
    return "POST " + path + " HTTP/1.1\r\nHost: h\r\n" + as.credential() +
           "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  }
  static std::string last_get(const std::string& path, const client& as) {
    return "GET " + path + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n" + as.credential() + "\r\n";
  }
};

TEST_P(EveryApi, CarriesOutPipelinedPostsOneAfterAnother) {
  const auto alice = user("pipe");
  const std::string messages = "/api/v1/chats/" + std::to_string(chat_of(*alice, "peer")) + "/messages/";
  std::string requests;
  for (int i = 0; i < 20; ++i) requests += post(messages, *alice, "{\"body\":\"" + std::to_string(i) + "\"}");
  const std::string said = alice->talk(requests + last_get(messages, *alice));
  std::vector<int> expected(20, 201);
  expected.push_back(200);
  EXPECT_EQ(statuses(said), expected);
  const auto history = boost::json::parse(said.substr(said.rfind("\r\n\r\n") + 4)).at("results").as_array();
  ASSERT_EQ(history.size(), 20U) << "the GET was answered before a POST was carried out";
  for (std::size_t i = 0; i < history.size(); ++i) {
    EXPECT_EQ(history[i].at("body").as_string(), std::to_string(i));
  }
}

TEST_P(EveryApi, GoesOnAfterAnErrorWhoseRequestHasAnEnd) {
  const auto alice = user("error");
  const std::string chats = "/api/v1/chats/";
  const std::string said = alice->talk(post("/nowhere", *alice, "{}") + post(chats, *alice, "{") +
                                       post(chats, *alice, "{}") + last_get(chats, *alice));
  EXPECT_EQ(statuses(said), (std::vector<int>{404, 400, 422, 200}));
}

// What a server before this one could have taken for a body must not be carried out.
TEST_P(EveryApi, CarriesOutNothingBehindAMistake) {
  const auto alice = user("smuggled");
  const std::string hidden = post("/api/v1/chats/", *alice, "{\"participant\":\"" + name("peer") + "\"}");
  const std::string open = "POST /api/v1/chats/ HTTP/1.1\r\nHost: h\r\n" + alice->credential();
  const std::string length = "Content-Length: " + std::to_string(hidden.size()) + "\r\n";
  for (const std::string& head :
       {open + length + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", open + "Content-Length: 0\r\n" + length + "\r\n",
        open + "Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n0\r\n\r\n", open + length + "X : y\r\n\r\n",
        open + "X: y\n" + length + "\r\n\r\n"}) {
    EXPECT_EQ(statuses(alice->talk(head + hidden)).size(), 1U) << head;
  }
  EXPECT_EQ(alice->get("/api/v1/chats/").json().at("results").as_array().size(), 0U);
}

TEST_P(EveryApi, TakesChunksExpectationsAndOldClients) {
  const auto alice = user("chunks");
  const std::string body = "{\"participant\":\"" + name("peer") + "\"}";
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
TEST_P(EveryApi, LetsAnErrorSurviveTheBodyBehindIt) {
  const auto alice = user("large");
  const std::string said = alice->talk("POST /api/v1/chats/ HTTP/1.1\r\nHost: h\r\n" + alice->credential() +
                                       "Content-Length: 200000\r\n\r\n" + std::string(200'000, 'x'));
  EXPECT_EQ(statuses(said), std::vector<int>{413});
}

INSTANTIATE_TEST_SUITE_P(Itself, EveryApi, testing::Values(1, 2),
                         [](const auto& one) { return "api" + std::to_string(one.param); });

}  // namespace
}  // namespace api_test

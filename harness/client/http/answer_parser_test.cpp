#include "harness/client/http/answer_parser.hpp"

#include "harness/client/http/encode.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace client::http {
namespace {

struct expectation {
  std::string bytes;
  http::failure failure = failure::none;
  int status = 0;
  std::string body = {};
  bool reusable = true;
  bool head = false;
};

// Feeds pieces, then the end of the stream if the answer is not complete.
void expect(const expectation& wanted, std::size_t piece) {
  answer_parser parser(wanted.head);
  auto state = answer_parser::state::need_more;
  for (std::size_t at = 0; at < wanted.bytes.size() && state == answer_parser::state::need_more; at += piece) {
    state = parser.feed(std::string_view(wanted.bytes).substr(at, piece));
  }
  if (state == answer_parser::state::need_more) state = parser.end_of_stream();
  const std::string shown = wanted.bytes.substr(0, 80) + " in pieces of " + std::to_string(piece);
  EXPECT_EQ(to_string(parser.failure()), to_string(wanted.failure)) << shown << parser.detail();
  EXPECT_EQ(state == answer_parser::state::done, wanted.failure == failure::none) << shown;
  EXPECT_EQ(parser.reusable(), wanted.failure == failure::none && wanted.reusable) << shown;
  exchange out;
  parser.take(out);
  EXPECT_EQ(out.status, wanted.status) << shown;
  if (wanted.failure == failure::none) {
    EXPECT_EQ(out.body, wanted.body) << shown;
  }
}

const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

TEST(AnswerParser, AnySplit) {
  const std::vector<expectation> table{
      {"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}", failure::none, 201, "{}"},
      {"HTTP/1.1 204 No Content\r\n\r\n", failure::none, 204, ""},
      {"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", failure::none, 304, ""},
      {chunked + "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n", failure::none, 200, "abcde"},
      {chunked + "3\r\nabc\r\n0\r\nTrailer: x\r\n\r\n", failure::none, 200, "abc"},
      {"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx", failure::none, 200, "x", false},
      {"HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx", failure::none, 200, "x", false},
      {"HTTP/1.1 200 OK\r\n\r\nuntil the end", failure::none, 200, "until the end", false},
      {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 201 "
       "Created\r\nContent-Length: 0\r\n\r\n",
       failure::none, 201, ""},
      {"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", failure::none, 200, "", true, true},
      // the target's mistakes
      {"", failure::closed},
      {"H", failure::truncated},
      {"HTTP/1.1 200 OK\r\nContent-Le", failure::truncated},
      {"HTTP/1.1 100 Continue\r\n\r\n", failure::truncated},
      {"HTTP/1.1 201 Created\r\nContent-Length: 5\r\n\r\nabc", failure::truncated, 201},
      {chunked + "5\r\nab", failure::truncated, 200},
      {chunked + "2\r\nab\r\n", failure::truncated, 200},
      {"SSH-2.0-OpenSSH_9.2\r\n", failure::garbage},
      {"<html>", failure::garbage},
      {"HTTP/1.1 xyz\r\n\r\n", failure::garbage},
      {"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", failure::garbage},
      {"HTTP/1.1 200 OK\r\nno colon\r\n\r\n", failure::garbage},
      {chunked + "zz\r\n", failure::garbage, 200},
      {"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", failure::garbage, 101},
  };
  for (const expectation& each : table) {
    for (const std::size_t piece : {1U, 2U, 3U, 7U, 10'000U}) expect(each, piece);
  }
}

TEST(AnswerParser, ABytesTooManyMakesTheConnectionUseless) {
  expect({"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nxy", failure::none, 200, "x", false}, 10'000);
}

TEST(AnswerParser, Limits) {
  expect({"HTTP/1.1 200 OK\r\nX: " + std::string(70'000, 'x') + "\r\n\r\n", failure::too_large}, 1000);
  expect({"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n", failure::too_large, 200}, 1000);
}

TEST(AnswerParser, Headers) {
  answer_parser parser(false);
  ASSERT_EQ(parser.feed("HTTP/1.1 200 OK\r\nX-One:  a \r\nx-two: b\r\nX-One: c\r\nContent-Length: 0\r\n\r\n"),
            answer_parser::state::done);
  exchange out;
  parser.take(out);
  EXPECT_EQ(out.find("x-one"), "a");
  EXPECT_EQ(out.find("X-TWO"), "b");
  EXPECT_EQ(out.find("x-three"), std::nullopt);
  EXPECT_EQ(out.headers.size(), 4U);
}

TEST(EncodeRequest, AddsWhatIsMissingOnly) {
  const url origin = *parse_url("http://h:81/base/");
  EXPECT_EQ(encode_request({.method = "GET", .target = "/x?y=z"}, origin),
            "GET /base/x?y=z HTTP/1.1\r\nHost: h:81\r\n\r\n");
  EXPECT_EQ(encode_request({.method = "POST", .target = "/x", .headers = {{"A", "b"}}, .body = "{}"}, origin),
            "POST /base/x HTTP/1.1\r\nHost: h:81\r\nA: b\r\nContent-Length: 2\r\n\r\n{}");
  EXPECT_EQ(encode_request({.method = "POST", .target = "/x"}, origin),
            "POST /base/x HTTP/1.1\r\nHost: h:81\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(encode_request(
                {.method = "POST", .target = "/", .headers = {{"host", "other"}, {"content-length", "9"}}, .body = "x"},
                origin),
            "POST /base/ HTTP/1.1\r\nhost: other\r\ncontent-length: 9\r\n\r\nx");
  EXPECT_EQ(encode_request({.method = "OPTIONS", .target = "*"}, origin), "OPTIONS * HTTP/1.1\r\nHost: h:81\r\n\r\n");
}

TEST(Exchange, SummaryIsForPeople) {
  exchange out;
  out.status = 201;
  EXPECT_EQ(out.summary(), "201");
  EXPECT_TRUE(out.success());
  out.failure = failure::truncated;
  out.detail = "cut";
  EXPECT_EQ(out.summary(), "truncated answer: cut (status 201)");
  EXPECT_FALSE(out.success());
}

}  // namespace
}  // namespace client::http

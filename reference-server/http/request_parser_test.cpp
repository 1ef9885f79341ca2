#include "reference-server/http/request_parser.hpp"

#include <gtest/gtest.h>

#include <string>

namespace http {
namespace {

using outcome = request_parser::outcome;

const limits bounds;

unsigned refusal(const std::string& bytes) {
  request_parser parser(bounds);
  return parser.parse(bytes) == outcome::refused ? parser.status() : 0;
}

TEST(RequestParser, ReadsByteByByteFromAMovingBuffer) {
  const std::string bytes =
      "\r\nPOST /a/b?x=1&y=%20 HTTP/1.1\r\nHost: h\r\nX-One:  v w \r\nContent-Length: 5\r\n\r\nhelloGET / HTTP";
  request_parser parser(bounds);
  std::string moved;
  for (std::size_t size = 0;; ++size) {
    ASSERT_LE(size, bytes.size());
    moved = bytes.substr(0, size);
    moved.shrink_to_fit();
    std::string other(moved);
    moved.swap(other);
    if (parser.parse(moved) == outcome::complete) {
      EXPECT_EQ(size, bytes.find("GET"));
      break;
    }
  }
  const request& asked = parser.request();
  EXPECT_EQ(asked.method, method::post);
  EXPECT_EQ(asked.target, "/a/b?x=1&y=%20");
  EXPECT_EQ(asked.path, "/a/b");
  EXPECT_EQ(asked.query, "x=1&y=%20");
  EXPECT_EQ(*asked.find("x-one"), "v w");
  EXPECT_EQ(asked.find("x-two"), nullptr);
  EXPECT_EQ(asked.body, "hello");
  EXPECT_TRUE(asked.keep_alive);
  EXPECT_EQ(parser.consumed(), bytes.find("GET"));
  parser.reset();
  EXPECT_EQ(parser.parse("GET / HTTP/1.0\r\n\r\n"), outcome::complete);
  EXPECT_FALSE(parser.request().keep_alive);
  EXPECT_EQ(parser.request().body, "");
}

TEST(RequestParser, DecodesChunksByteByByte) {
  const std::string bytes =
      "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: Chunked\r\n\r\n"
      "5;ext=1\r\nhello\r\n6\r\n world\r\n0\r\nX-Trailer: no\r\n\r\nrest";
  request_parser parser(bounds);
  std::size_t size = 0;
  for (outcome now = outcome::need_more; now != outcome::complete; ++size) {
    ASSERT_LE(size, bytes.size());
    now = parser.parse(bytes.substr(0, size));
    ASSERT_NE(now, outcome::refused) << parser.detail();
  }
  EXPECT_EQ(parser.request().body, "hello world");
  EXPECT_EQ(parser.request().find("X-Trailer"), nullptr);
  EXPECT_EQ(bytes.substr(parser.consumed()), "rest");
}

TEST(RequestParser, AbsoluteTargets) {
  request_parser parser(bounds);
  ASSERT_EQ(parser.parse("GET http://host:1/p/q?a=b HTTP/1.1\r\nHost: h\r\n\r\n"), outcome::complete);
  EXPECT_EQ(parser.request().path, "/p/q");
  EXPECT_EQ(parser.request().query, "a=b");
  parser.reset();
  ASSERT_EQ(parser.parse("GET http://host HTTP/1.1\r\nHost: h\r\n\r\n"), outcome::complete);
  EXPECT_EQ(parser.request().path, "/");
  EXPECT_EQ(refusal("GET host:1 HTTP/1.1\r\nHost: h\r\n\r\n"), 400U);
}

TEST(RequestParser, BrokenFraming) {
  EXPECT_EQ(refusal("GET / HTTP/1.1\r\n\r\n"), 400U);
  EXPECT_EQ(refusal("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"), 400U);
  EXPECT_EQ(refusal("GET / HTTP/1.1\nHost: a\n\n"), 400U);
  EXPECT_EQ(refusal("GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n"), 400U);
  EXPECT_EQ(refusal("GET / HTTP/1.1\r\nHost : a\r\n\r\n"), 400U);
  EXPECT_EQ(refusal("GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n"), 400U);
  EXPECT_EQ(refusal("GET / HTTP/2.0\r\nHost: a\r\n\r\n"), 400U);
  EXPECT_EQ(refusal("nonsense\r\n\r\n"), 400U);
  EXPECT_EQ(refusal("\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"), 400U);
  const std::string post = "POST / HTTP/1.1\r\nHost: a\r\n";
  EXPECT_EQ(refusal(post + "Content-Length: 1\r\nContent-Length: 1\r\n\r\nx"), 400U);
  EXPECT_EQ(refusal(post + "Content-Length: 1, 1\r\n\r\nx"), 400U);
  EXPECT_EQ(refusal(post + "Content-Length: -1\r\n\r\nx"), 400U);
  EXPECT_EQ(refusal(post + "Content-Length: +1\r\n\r\nx"), 400U);
  EXPECT_EQ(refusal(post + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 400U);
  EXPECT_EQ(refusal(post + "Transfer-Encoding: chunked\r\n\r\nzz\r\n"), 400U);
  EXPECT_EQ(refusal(post + "Transfer-Encoding: chunked\r\n\r\n1\r\nxx\r\n0\r\n\r\n"), 400U);
}

TEST(RequestParser, EncodingsThatAreNotChunked) {
  for (const std::string encoding : {"xchunked", "gzip, chunked", "gzip", "chunked, gzip", "identity"}) {
    EXPECT_EQ(refusal("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: " + encoding + "\r\n\r\n0\r\n\r\n"), 501U)
        << encoding;
  }
  EXPECT_EQ(refusal("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"),
            501U);
}

TEST(RequestParser, Sizes) {
  const std::string tail = " HTTP/1.1\r\nHost: a\r\n\r\n";
  EXPECT_EQ(refusal("GET /" + std::string(bounds.target - 1, 'a') + tail), 0U);
  EXPECT_EQ(refusal("GET /" + std::string(bounds.target, 'a') + tail), 414U);
  EXPECT_EQ(refusal("GET /" + std::string(2 * bounds.target, 'a')), 414U);
  const std::string head = "GET / HTTP/1.1\r\nHost: a\r\nX: ";
  const std::size_t rest = std::string("Host: a\r\nX: \r\n\r\n").size();
  EXPECT_EQ(refusal(head + std::string(bounds.head - rest, 'a') + "\r\n\r\n"), 0U);
  EXPECT_EQ(refusal(head + std::string(bounds.head - rest + 1, 'a') + "\r\n\r\n"), 431U);
  EXPECT_EQ(refusal(head + std::string(bounds.head + 100, 'a')), 431U);
  const std::string post = "POST / HTTP/1.1\r\nHost: a\r\n";
  EXPECT_EQ(refusal(post + "Content-Length: 65536\r\n\r\n" + std::string(65536, 'x')), 0U);
  EXPECT_EQ(refusal(post + "Content-Length: 65537\r\n\r\n"), 413U);
  EXPECT_EQ(refusal(post + "Content-Length: 99999999999999999999999\r\n\r\n") / 100, 4U);
  EXPECT_EQ(refusal(post + "Transfer-Encoding: chunked\r\n\r\n10000\r\n" + std::string(65536, 'x') + "\r\n0\r\n\r\n"),
            0U);
  EXPECT_EQ(refusal(post + "Transfer-Encoding: chunked\r\n\r\n10000\r\n" + std::string(65536, 'x') + "\r\n1\r\n"),
            413U);
  EXPECT_EQ(refusal(post + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n"), 413U);
}

TEST(RequestParser, ExpectationIsToldOnce) {
  request_parser parser(bounds);
  const std::string head = "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n";
  EXPECT_EQ(parser.parse(head), outcome::need_more);
  EXPECT_TRUE(parser.take_expectation());
  EXPECT_FALSE(parser.take_expectation());
  EXPECT_EQ(parser.parse(head + "x"), outcome::complete);
  EXPECT_FALSE(parser.take_expectation());
}

}  // namespace
}  // namespace http

#include "harness/client/transport/wire.hpp"

#include "harness/client/http/connection.hpp"
#include "harness/client/loop.hpp"
#include "harness/client/test/tls_server.hpp"
#include "harness/client/websocket/frame_parser.hpp"
#include "harness/client/websocket/socket.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/write.hpp>

namespace client::transport {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

// Answers each request with its body's size and, for /big, that many bytes.
std::string answer(std::string& received) {
  std::string out;
  for (;;) {
    const auto head = received.find("\r\n\r\n");
    if (head == std::string::npos) return out;
    std::size_t length = 0;
    if (const auto at = received.find("Content-Length: "); at < head) length = std::stoul(received.substr(at + 16));
    if (received.size() < head + 4 + length) return out;
    const bool big = received.starts_with("GET /big");
    received.erase(0, head + 4 + length);
    out += test::ok(big ? std::string(300'000, 'x') : "took " + std::to_string(length));
  }
}

class WireTest : public ::testing::Test {
 protected:
  // The server's address under another name, which the options lead back.
  url named(const url& there, std::string name) {
    options_.fixed.push_back({name, there.port, "127.0.0.1"});
    url out = there;
    out.host = std::move(name);
    return out;
  }
  http::exchange get(const url& where, std::string path = "/", std::string body = {}) {
    use(io_, options_);
    if (!connection_) connection_.emplace(io_, where);
    http::request request{.method = body.empty() ? "GET" : "POST", .target = std::move(path), .body = std::move(body)};
    const auto now = clock::now();
    const auto got = await<http::exchange>(
        io_, now + 20s, [&](auto done) { connection_->send(std::move(request), now, now + 10s, std::move(done)); });
    return got.value_or(http::exchange{});
  }

  asio::io_context io_;
  options options_;
  std::optional<http::connection> connection_;
  const test::certificate own_{"DNS:chat.test,IP:127.0.0.1"};
};

TEST_F(WireTest, HttpsByNameKeepsTheConnection) {
  test::tls_server server(io_, own_, answer);
  options_.ca_file = own_.file();
  const url there = named(server.url(), "chat.test");
  EXPECT_EQ(get(there).body, "took 0");
  EXPECT_EQ(server.asked_for, "chat.test");
  EXPECT_TRUE(connection_->warm());
  pump_ready(io_);  // session tickets are no speaking without being asked
  EXPECT_TRUE(connection_->warm());
  const auto second = get(there, "/big");
  EXPECT_EQ(second.body.size(), 300'000U) << second.summary();
  EXPECT_TRUE(second.reused);
  EXPECT_EQ(get(there, "/", std::string(500'000, 'y')).body, "took 500000");
  EXPECT_EQ(server.handshakes, 1);
}

TEST_F(WireTest, HttpsByAddress) {
  test::tls_server server(io_, own_, answer);
  options_.ca_file = own_.file();
  EXPECT_EQ(get(server.url()).body, "took 0");
  EXPECT_EQ(server.asked_for, "") << "an address is no name";
}

TEST_F(WireTest, WhoIsNotTrusted) {
  const test::certificate over("DNS:chat.test", -1);
  const test::certificate stranger("DNS:chat.test");
  struct wrong {
    const test::certificate* server;
    std::string ca_file;
    std::string name;
    std::string why;
  };
  for (const auto& [certificate, ca, name, why] : std::vector<wrong>{
           {&own_, "", "chat.test", "TLS: the certificate is not trusted: self-signed certificate"},
           {&own_, own_.file(), "other.test", "TLS: the certificate is not trusted: hostname mismatch"},
           {&own_, stranger.file(), "chat.test", "TLS: the certificate is not trusted: self-signed certificate"},
           {&over, over.file(), "chat.test", "TLS: the certificate is not trusted: certificate has expired"}}) {
    test::tls_server server(io_, *certificate, answer);
    options_ = {};
    options_.ca_file = ca;
    connection_.reset();
    const url there = named(server.url(), name);
    const auto got = get(there);
    EXPECT_EQ(got.failure, http::failure::connect) << why;
    EXPECT_THAT(got.detail, HasSubstr(why));
    EXPECT_FALSE(got.first_byte_sent) << "not a byte of the request";
    options_.insecure = true;
    connection_.reset();
    EXPECT_EQ(get(there).body, "took 0");
  }
}

TEST_F(WireTest, ACertificateOfOurOwn) {
  const test::certificate mine("DNS:someone.test");
  test::tls_server server(io_, own_, answer, &mine);
  options_.ca_file = own_.file();
  EXPECT_FALSE(get(server.url()).answered());
  EXPECT_TRUE(server.failed);
  options_.certificate_file = mine.file();
  options_.key_file = mine.key();
  connection_.reset();
  EXPECT_EQ(get(server.url()).body, "took 0");
}

TEST_F(WireTest, FilesThatCannotBeUsed) {
  const test::certificate other("DNS:x.test");
  options nowhere;
  nowhere.ca_file = "/nowhere/ca.pem";
  EXPECT_THAT(make_tls_context(nowhere).error().clause,
              HasSubstr("the certificates in /nowhere/ca.pem cannot be used: No such file or directory"));
  options ours;
  ours.certificate_file = own_.file();
  ours.key_file = other.key();
  EXPECT_THAT(make_tls_context(ours).error().clause, HasSubstr("the key in " + other.key() + " cannot be used"));
  options_.ca_file = "/nowhere/ca.pem";
  test::tls_server server(io_, own_, answer);
  EXPECT_THAT(get(server.url()).detail, HasSubstr("TLS: the certificates in /nowhere/ca.pem cannot be used"));
}

TEST_F(WireTest, AServerWithoutTls) {
  test::server server(io_, [](test::peer& accepted) {
    accepted.on_bytes = [](test::peer& from) { from.write("HTTP/1.1 400 Bad Request\r\n\r\n"); };
  });
  const auto got = get(server.url("https"));
  EXPECT_EQ(got.failure, http::failure::connect);
  EXPECT_THAT(got.detail, HasSubstr("TLS: wrong version number"));
}

TEST_F(WireTest, AServerThatLeavesInTheHandshake) {
  test::server server(io_, [](test::peer& accepted) { accepted.on_bytes = [](test::peer& from) { from.finish(); }; });
  const auto got = get(server.url("https"));
  EXPECT_EQ(got.failure, http::failure::connect);
  EXPECT_THAT(got.detail, HasSubstr("in the TLS handshake: End of file"));
}

// A server that greets with a frame in the same bytes as its 101 and gives back what it is sent.
std::string echo(std::string& received) {
  static thread_local std::unique_ptr<websocket::frame_parser> parser;
  if (received.starts_with("GET")) {
    if (received.find("\r\n\r\n") == std::string::npos) return "";
    const auto at = received.find("Sec-WebSocket-Key: ") + 19;
    const std::string key = received.substr(at, received.find("\r\n", at) - at);
    received.clear();
    parser = std::make_unique<websocket::frame_parser>(websocket::peer::client);
    return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
           websocket::accept_for(key) + "\r\n\r\n" +
           websocket::encode_frame(websocket::opcode::text, "hello", std::nullopt);
  }
  std::string out;
  std::string_view input = received;
  websocket::frame got;
  while (parser->next(input, got) == websocket::frame_parser::step::frame) {
    out += websocket::encode_frame(got.op, got.payload, std::nullopt);
  }
  received.clear();
  return out;
}

TEST_F(WireTest, WssToItsEnd) {
  test::tls_server server(io_, own_, echo);
  options_.ca_file = own_.file();
  use(io_, options_);
  std::vector<std::string> got;
  std::optional<websocket::end> end;
  websocket::socket socket(
      io_, server.url("wss"), {},
      {.on_message = [&](websocket::opcode, std::string_view text, time_point) { got.emplace_back(text); },
       .on_end = [&](const websocket::end& ended) { end = ended; }});
  const auto to = [&](std::size_t count) {
    return pump(
        io_, [&] { return got.size() >= count || end; }, clock::now() + 20s);
  };
  ASSERT_TRUE(to(1));
  socket.send_text(std::string(2'000'000, 'z'));
  socket.send_text("last");
  ASSERT_TRUE(to(3));
  ASSERT_FALSE(end) << end->summary();
  EXPECT_EQ(got[0], "hello");
  EXPECT_EQ(got[1].size(), 2'000'000U);
  EXPECT_EQ(got[2], "last");
  socket.close();
  ASSERT_TRUE(pump(
      io_, [&] { return end.has_value(); }, clock::now() + 20s));
  EXPECT_EQ(end->kind, websocket::end_kind::closed_by_us);
  EXPECT_TRUE(end->clean);
}

TEST_F(WireTest, ManySmallRecordsAtOnce) {
  test::tls_server server(io_, own_, echo);
  server.piece = 7;  // a frame of this test each
  options_.ca_file = own_.file();
  use(io_, options_);
  std::size_t got = 0;
  websocket::socket socket(io_, server.url("wss"), {},
                           {.on_message = [&](websocket::opcode, std::string_view, time_point) { ++got; }});
  const auto to = [&](std::size_t count) {
    return pump(
        io_, [&] { return got >= count; }, clock::now() + 20s);
  };
  ASSERT_TRUE(to(1));
  for (int i = 0; i < 500; ++i) socket.send_text("12345");
  EXPECT_TRUE(to(501)) << "some were left inside of TLS: " << got;
}

// A proxy that takes CONNECT and then carries bytes between its client and `port`.
class ProxyTest : public WireTest {
 protected:
  void serve(std::uint16_t port, std::string verdict = "HTTP/1.1 200 Connection established\r\n\r\n") {
    proxy_ = std::make_unique<test::server>(io_, [this, port, verdict](test::peer& accepted) {
      accepted.on_bytes = [this, port, verdict](test::peer& from) {
        const auto request = from.take_request();
        if (!request) return;
        asked_.push_back(request->substr(0, request->find("\r\n")));
        whole_ = *request;
        auto onward = std::make_shared<tcp_socket>(io_);
        onward->connect({asio::ip::address_v4::loopback(), port});
        onward->non_blocking(true);
        back(onward, from);
        from.write(verdict);
        // The last thing to be done here: it takes the place of what is running.
        from.on_bytes = [onward](test::peer& client) {
          asio::write(*onward, asio::buffer(std::exchange(client.received, {})));
        };
      };
    });
    options_.proxy = proxy_->url();
    options_.ca_file = own_.file();
  }
  static void back(const std::shared_ptr<tcp_socket>& onward, test::peer& to) {
    onward->async_wait(tcp_socket::wait_read, [onward, client = to.shared_from_this()](const auto& error) {
      if (error) return;
      std::string bytes(65'536, '\0');
      boost::system::error_code failed;
      bytes.resize(onward->read_some(asio::buffer(bytes), failed));
      if (failed) return client->finish();
      client->write(std::move(bytes));
      back(onward, *client);
    });
  }

  std::unique_ptr<test::server> proxy_;
  std::vector<std::string> asked_;  // their first lines
  std::string whole_;               // the last one
};

TEST_F(ProxyTest, HttpsAndWssGoThroughIt) {
  test::tls_server server(io_, own_, answer);
  test::tls_server sockets(io_, own_, echo);
  serve(server.url().port);
  url there = server.url();
  there.host = "chat.test";  // which only the proxy could know
  EXPECT_EQ(get(there).body, "took 0");
  EXPECT_EQ(server.asked_for, "chat.test");
  EXPECT_EQ(asked_, std::vector<std::string>{"CONNECT chat.test:" + std::to_string(there.port) + " HTTP/1.1"});

  serve(sockets.url().port);
  use(io_, options_);
  url socket_url = sockets.url("wss");
  socket_url.host = "chat.test";
  std::string heard;
  websocket::socket socket(io_, socket_url, {},
                           {.on_message = [&](websocket::opcode, std::string_view text, time_point) { heard = text; }});
  EXPECT_TRUE(pump(
      io_, [&] { return heard == "hello"; }, clock::now() + 20s));
  EXPECT_EQ(asked_.size(), 2U);
}

TEST_F(ProxyTest, ItIsToldWhoWeAreAndTheServerIsNot) {
  std::string at_the_server;
  test::tls_server server(io_, own_, [&](std::string& received) {
    at_the_server = received;
    return answer(received);
  });
  serve(server.url().port);
  options_.proxy_authorization = "Basic bWU6cHc=";
  EXPECT_EQ(get(named(server.url(), "chat.test")).body, "took 0");
  EXPECT_NE(whole_.find("\r\nProxy-Authorization: Basic bWU6cHc=\r\n"), std::string::npos) << whole_;
  EXPECT_FALSE(at_the_server.empty());
  EXPECT_EQ(at_the_server.find("bWU6cHc"), std::string::npos);
}

TEST_F(ProxyTest, WhatItRefusesIsAFailureWithItsWords) {
  test::tls_server server(io_, own_, answer);
  serve(server.url().port, "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
  url there = server.url();
  there.host = "chat.test";
  const auto got = get(there);
  EXPECT_EQ(got.failure, http::failure::connect);
  EXPECT_THAT(got.detail, HasSubstr(" said: HTTP/1.1 407 Proxy Authentication Required"));
}

TEST_F(ProxyTest, NotForWhomItIsNot) {
  test::tls_server server(io_, own_, answer);
  serve(server.url().port);
  EXPECT_EQ(get(server.url()).body, "took 0") << "a loopback address";
  options_.no_proxy = {"test"};
  connection_.reset();
  EXPECT_EQ(get(named(server.url(), "chat.test")).body, "took 0");
  EXPECT_TRUE(asked_.empty());
}

}  // namespace
}  // namespace client::transport

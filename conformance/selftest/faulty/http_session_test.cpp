// The unbroken server on HTTP's edges: the table of errors, framing that must be refused, junk of every kind.
#include "conformance/selftest/faulty/test/running.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace faulty::test {
namespace {

using testing::HasSubstr;

struct Case {
  std::string name, request;
  int status;
};

std::string post_json(const std::string& path, const std::string& token, const std::string& body,
                      const std::string& type = "application/json") {
  return fmt::format(
      "POST {} HTTP/1.1\r\nHost: f\r\nAuthorization: Bearer {}\r\nContent-Type: {}\r\n"
      "Content-Length: {}\r\n\r\n{}",
      path, token, type, body.size(), body);
}

std::string nested(int depth) {
  // The outer object is one level.
  return R"({"body":"x","more":)" + std::string(static_cast<std::size_t>(depth - 1), '[') +
         std::string(static_cast<std::size_t>(depth - 1), ']') + "}";
}

TEST(FaultyHttp, ErrorsHaveTheStatusesOfTheTable) {
  Running server;
  const std::string alice = token_for("alice"), chat = "/api/v1/chats/1/messages/";
  server.chat("alice", "bob");
  const auto body = [&](const std::string& json) { return post_json(chat, alice, json); };
  const auto text = [&](const std::string& value) { return body(R"({"body":")" + value + R"("})"); };
  const auto repeated = [](const std::string& part, int count) {
    std::string all;
    for (int i = 0; i < count; ++i) all += part;
    return all;
  };
  const std::vector<Case> cases{
      {"unknown path before method and token", "DELETE /api/v1/nothing HTTP/1.1\r\nHost: f\r\n\r\n", 404},
      {"method before token", "DELETE /api/v1/chats/ HTTP/1.1\r\nHost: f\r\n\r\n", 405},
      {"unknown method", "BREW /api/v1/chats/ HTTP/1.1\r\nHost: f\r\n\r\n", 405},
      {"token before media type", "POST /api/v1/chats/ HTTP/1.1\r\nHost: f\r\nContent-Length: 0\r\n\r\n", 401},
      {"media type", post_json(chat, alice, R"({"body":"x"})", "text/plain"), 415},
      {"media type with parameter", post_json(chat, alice, R"({"body":"x"})", "Application/JSON; charset=utf-8"), 201},
      {"no JSON", body("{"), 400},
      {"empty", body(""), 400},
      {"no object", body("[1]"), 400},
      {"byte order mark", body("\xef\xbb\xbf{\"body\":\"x\"}"), 400},
      {"invalid UTF-8", text("\xff"), 400},
      {"overlong UTF-8", text("\xc0\xaf"), 400},
      {"surrogate in UTF-8", text("\xed\xa0\x80"), 400},
      {"beyond Unicode", text("\xf4\x90\x80\x80"), 400},
      {"lone surrogate", text(R"(\ud800)"), 400},
      {"lone low surrogate", text(R"(\udc00)"), 400},
      {"pair of surrogates", text(R"(\ud83d\ude00)"), 201},
      {"32 levels", body(nested(32)), 201},
      {"33 levels", body(nested(33)), 400},
      {"10,000 levels", body(std::string(10'000, '[')), 400},
      {"trailing comma", body(R"({"body":"x",})"), 400},
      {"missing", body("{}"), 422},
      {"number", body(R"({"body":1})"), 422},
      {"null", body(R"({"body":null})"), 422},
      {"blank", text(R"( \t\u2003\u3000\u0085)"), 422},
      {"zero width is not blank", text(R"(\u200b)"), 201},
      {"empty text", text(""), 422},
      {"U+0000", text(R"(a\u0000)"), 422},
      {"4096 characters of four bytes", text(repeated("\U0001F600", 4096)), 201},
      {"4097 characters", text(std::string(4097, 'x')), 422},
      {"last duplicate counts", body(R"({"body":1,"body":"x"})"), 201},
      {"last duplicate counts, wrong", body(R"({"body":"x","body":1})"), 422},
      {"chat with oneself", post_json("/api/v1/chats/", alice, R"({"participant":"alice"})"), 422},
      {"bad participant", post_json("/api/v1/chats/", alice, R"({"participant":"a b"})"), 422},
      {"field before chat", post_json("/api/v1/chats/9/messages/", alice, "{}"), 422},
      {"absent chat", post_json("/api/v1/chats/9/messages/", alice, R"({"body":"x"})"), 404},
      {"chat is text", post_json("/api/v1/chats/x/messages/", alice, R"({"body":"x"})"), 404},
      {"chat overflows", post_json("/api/v1/chats/99999999999999999999/messages", alice, R"({"body":"x"})"), 404},
      {"socket path without upgrade", "GET /ws HTTP/1.1\r\nHost: f\r\n\r\n", 426},
      {"absolute target",
       "GET http://f/api/v1/chats/ HTTP/1.1\r\nHost: f\r\nAuthorization: Bearer " + alice + "\r\n\r\n", 200},
  };
  for (const auto& [name, request, status] : cases) {
    Connection connection(server.port());
    connection.send(request);
    const Response response = read_response(connection);
    EXPECT_EQ(response.status, status) << name << ": " << response.body;
    EXPECT_EQ(response.headers.at("content-type"), status < 300 ? "application/json" : "application/problem+json");
    if (status == 405) {
      EXPECT_EQ(response.headers.at("allow"), "GET, HEAD, POST, OPTIONS");
    }
    if (status == 422) {
      EXPECT_THAT(response.body, HasSubstr("\"errors\":[{\"field\":"));
    }
    connection.send("OPTIONS /api/v1/chats/ HTTP/1.1\r\nHost: f\r\n\r\n");
    EXPECT_EQ(read_response(connection).status, 204) << "the connection lives on after: " << name;
  }
}

TEST(FaultyHttp, BrokenFramingIsRefusedAndTheConnectionClosed) {
  Running server;
  const std::string start = "POST /api/v1/chats/ HTTP/1.1\r\nHost: f\r\n";
  const std::vector<Case> cases{
      {"no host", "GET /api/v1/chats/ HTTP/1.1\r\n\r\n", 400},
      {"two hosts", "GET / HTTP/1.1\r\nHost: f\r\nHost: f\r\n\r\n", 400},
      {"two equal lengths", start + "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}", 400},
      {"length and chunked", start + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {"length is text", start + "Content-Length: +2\r\n\r\n{}", 400},
      {"folded header", start + "X: a\r\n b\r\n\r\n", 400},
      {"space before colon", start + "Content-Length : 2\r\n\r\n{}", 400},
      {"bare line feeds", "GET / HTTP/1.1\nHost: f\n\n", 400},
      {"bare carriage return", start + "X: a\rb\r\n\r\n", 400},
      {"NUL", start + std::string("X: a\0b\r\n\r\n", 10), 400},
      {"no version", "GET /\r\nHost: f\r\n\r\n", 400},
      {"HTTP/2", "GET / HTTP/2.0\r\nHost: f\r\n\r\n", 400},
      {"TLS", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400},
      {"bad chunk", start + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400},
      {"xchunked", start + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 501},
      {"gzip, chunked", start + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501},
      {"long target", "GET /" + std::string(8192, 'x') + " HTTP/1.1\r\nHost: f\r\n\r\n", 414},
      {"endless target", "GET /" + std::string(100'000, 'x'), 414},
      {"long headers", "GET / HTTP/1.1\r\nHost: f\r\nX: " + std::string(16'384, 'x') + "\r\n\r\n", 431},
      {"endless headers", "GET / HTTP/1.1\r\nHost: f\r\nX: " + std::string(100'000, 'x'), 431},
      {"long body", start + "Content-Length: 65537\r\n\r\n" + std::string(65'537, 'x'), 413},
      {"huge body", start + "Content-Length: 99999999999\r\n\r\n" + std::string(200'000, 'x'), 413},
      {"long chunks", start + "Transfer-Encoding: chunked\r\n\r\n10001\r\n" + std::string(0x10001, 'x') + "\r\n", 413},
  };
  for (const auto& [name, request, status] : cases) {
    Connection connection(server.port());
    connection.send(request);
    const Response response = read_response(connection);
    EXPECT_EQ(response.status, status) << name << ": " << response.body;
    EXPECT_EQ(response.headers.at("connection"), "close") << name;
    EXPECT_TRUE(connection.ends()) << name;
  }
}

TEST(FaultyHttp, KeepAlivePipeliningChunksAndOldClients) {
  Running server;
  const std::string alice = token_for("alice");
  server.chat("alice", "bob");
  Connection connection(server.port());
  const std::string list = "GET /api/v1/chats/ HTTP/1.1\r\nHost: f\r\nAuthorization: Bearer " + alice + "\r\n\r\n";
  const std::string head = "HEAD /api/v1/chats/ HTTP/1.1\r\nHost: f\r\nAuthorization: bearer " + alice + "\r\n\r\n";
  const std::string chunked = "\r\nPOST /api/v1/chats/1/messages HTTP/1.1\r\nHost: f\r\nAuthorization: Bearer " +
                              alice +
                              "\r\nContent-Type: application/json\r\nTransfer-Encoding: "
                              "Chunked\r\n\r\n5\r\n{\"bod\r\n7\r\ny\":\"x\"}\r\n0\r\n\r\n";
  connection.send(list + head + chunked + list);
  const std::string listed = read_response(connection).body;
  const Response only_head = read_response(connection, true);
  EXPECT_EQ(only_head.headers.at("content-length"), std::to_string(listed.size()));
  EXPECT_EQ(read_response(connection).status, 201);
  EXPECT_EQ(read_response(connection).body, listed);

  Connection old(server.port());
  old.send("GET /api/v1/chats/ HTTP/1.0\r\nConnection: keep-alive\r\nAuthorization: Bearer " + alice + "\r\n\r\n");
  EXPECT_EQ(read_response(old).body, listed);
  EXPECT_TRUE(old.ends());
}

TEST(FaultyHttp, BrowsersOfListedOriginsMayCall) {
  Running server({"--origin", "https://chat.example"});
  const std::string origin = "Origin: https://chat.example\r\n", foreign = "Origin: https://evil.example\r\n";
  const auto allowed = server.call("OPTIONS", "/api/v1/chats/", "", "", origin);
  EXPECT_EQ(allowed.status, 204);
  EXPECT_EQ(allowed.headers.at("access-control-allow-origin"), "https://chat.example");
  EXPECT_EQ(
      server.call("GET", "/api/v1/chats/", token_for("bob"), "", foreign).headers.count("access-control-allow-origin"),
      0u);
  EXPECT_EQ(WebSocketClient(server.port(), token_for("bob"), "", origin).answer().status, 101);
  EXPECT_EQ(WebSocketClient(server.port(), token_for("bob"), "", foreign).answer().status, 403);
}

TEST(FaultyHttp, JunkHarmsNobody) {
  Running server({"--commit-delay", "0us"});
  const std::string alice = token_for("alice");
  server.chat("alice", "bob");
  const std::vector<std::string> models{
      post_json("/api/v1/chats/1/messages/", alice, R"({"body":"hello"})"),
      "GET /api/v1/chats/1/messages/?limit=3&after=0 HTTP/1.1\r\nHost: f\r\nAuthorization: Bearer " + alice +
          "\r\n\r\n",
      "GET /ws?access_token=" + alice +
          " HTTP/1.1\r\nHost: f\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"};
  std::mt19937_64 random(1);
  for (int i = 0; i < 600; ++i) {
    std::string request = models[random() % models.size()];
    for (auto changes = 1 + random() % 4; changes > 0; --changes) {
      const auto at = random() % request.size();
      if (random() % 3 == 0)
        request.erase(at, 1 + random() % 20);
      else
        request[at] = static_cast<char>(random());
      if (request.empty()) request = "x";
    }
    Connection connection(server.port());
    connection.send(request);
    connection.finish_sending();
    try {
      const int status = read_response(connection).status;
      EXPECT_TRUE(status < 500 || status == 501) << status << " for: " << request;
    } catch (const std::exception&) {  // closed without an answer: the request was cut short
    }
  }
  for (int i = 0; i < 200; ++i) {
    WebSocketClient client(server.port(), alice);
    std::string bytes;
    for (auto size = 1 + random() % 200; size > 0; --size) bytes += static_cast<char>(random());
    client.connection().send(bytes);
  }
  server.as("bob", 200, "GET", "/api/v1/chats/1/messages/");
  server.terminate();
  EXPECT_EQ(server.wait(), 0);
}

}  // namespace
}  // namespace faulty::test

#include "harness/client/websocket/handshake.hpp"

#include <gtest/gtest.h>

#include <string>

namespace client::websocket {
namespace {

constexpr std::string_view key = "dGhlIHNhbXBsZSBub25jZQ==";  // of RFC 6455, section 1.3

std::string accepted(const std::string& more = "") {
  return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
         "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n" +
         more + "\r\n";
}

handshake_answer judge(const std::string& bytes, const handshake_options& options = {}) {
  return judge_handshake(bytes, key, options);
}

TEST(Handshake, RfcExample) {
  EXPECT_EQ(accept_for(key), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

TEST(Handshake, KeysAre16RandomBytes) {
  EXPECT_EQ(make_key().size(), 24U);
  EXPECT_NE(make_key(), make_key());
}

TEST(Handshake, Request) {
  EXPECT_EQ(encode_handshake(*parse_url("ws://h:81/ws?a=b"), key,
                             {.headers = {{"Authorization", "Bearer x"}}, .subprotocols = {"one", "two"}}),
            "GET /ws?a=b HTTP/1.1\r\nHost: h:81\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Protocol: one, two\r\nAuthorization: Bearer x\r\n\r\n");
}

TEST(Handshake, Accepted) {
  const auto answer = judge(accepted() + "\x81\x01x");
  EXPECT_EQ(answer.verdict, handshake_verdict::accepted);
  EXPECT_EQ(answer.status, 101);
  EXPECT_EQ(answer.head_size, accepted().size());
}

TEST(Handshake, CaseAndListsDoNotMatter) {
  EXPECT_EQ(judge("HTTP/1.1 101\r\nUPGRADE:WebSocket\r\nconnection: keep-alive, upgrade \r\n"
                  "sec-websocket-accept:  s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\t\r\n\r\n")
                .verdict,
            handshake_verdict::accepted);
}

TEST(Handshake, IncompleteAtEveryPrefix) {
  const std::string whole = accepted();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(judge(whole.substr(0, size)).verdict, handshake_verdict::incomplete) << size;
  }
}

TEST(Handshake, RefusedKeepsStatusAndHeaders) {
  const auto answer = judge("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Bearer\r\nContent-Length: 2\r\n\r\n{}");
  EXPECT_EQ(answer.verdict, handshake_verdict::refused);
  EXPECT_EQ(answer.status, 401);
  EXPECT_EQ(answer.find("www-authenticate"), "Bearer");
}

TEST(Handshake, Subprotocols) {
  const auto answer = judge(accepted("Sec-WebSocket-Protocol: two\r\n"), {.subprotocols = {"one", "two"}});
  EXPECT_EQ(answer.verdict, handshake_verdict::accepted);
  EXPECT_EQ(answer.subprotocol, "two");
}

TEST(Handshake, Broken) {
  const std::string wrong_accept =
      "HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: AAAA\r\n\r\n";
  const std::vector<std::pair<std::string, std::string>> table{
      {"SSH-2.0-OpenSSH", "the answer is not HTTP"},
      {"H2", "the answer is not HTTP"},
      {"HTTP/2 101", "the answer is not HTTP"},
      {"HTTP/1.1 xyz\r\n\r\n", "the answer's status line is not HTTP"},
      {"HTTP/1.1 1010 x\r\n\r\n", "the answer's status line is not HTTP"},
      {"HTTP/1.1 999 x\r\n\r\n", "the answer's status line is not HTTP"},
      {"HTTP/1.1 101 x\r\nno colon\r\n\r\n", "a header line of the answer is not one"},
      {"HTTP/1.1 101 x\r\nUpgrade : websocket\r\n\r\n", "a header line of the answer is not one"},
      {"HTTP/1.1 101 x\r\n: v\r\n\r\n", "a header line of the answer is not one"},
      {"HTTP/1.1 101 x\r\n\r\n", "101 without Upgrade: websocket"},
      {"HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: keep-alive\r\n\r\n", "101 without Connection: Upgrade"},
      {"HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n", "101 with a wrong Sec-WebSocket-Accept"},
      {wrong_accept, "101 with a wrong Sec-WebSocket-Accept"},
      {accepted("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"), "101 with a wrong Sec-WebSocket-Accept"},
      {accepted("Sec-WebSocket-Extensions: permessage-deflate\r\n"), "101 with an extension that was not offered"},
      {accepted("Sec-WebSocket-Protocol: two\r\n"), "101 with a subprotocol that was not offered"},
      {"HTTP/1.1 101 x\r\n" + std::string(17'000, 'x'), "the answer's head is over 16 KiB"},
  };
  for (const auto& [bytes, detail] : table) {
    const auto answer = judge(bytes);
    EXPECT_EQ(answer.verdict, handshake_verdict::broken) << bytes.substr(0, 100);
    EXPECT_EQ(answer.detail, detail) << bytes.substr(0, 100);
  }
}

}  // namespace
}  // namespace client::websocket

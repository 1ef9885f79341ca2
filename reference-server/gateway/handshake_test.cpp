#include "reference-server/gateway/handshake.hpp"

#include <gtest/gtest.h>

namespace gateway {
namespace {
using namespace std::chrono_literals;

constexpr auto key = "dGhlIHNhbXBsZSBub25jZQ==";
const token::time_point now{1'800'000'000s};

struct Handshake : testing::Test {
  token::signer tokens{std::string(32, 's')};
  std::string bob = tokens.mint("bob", now + 1h);
  std::string eve = tokens.mint("eve", now + 1h);
  std::string bearer = "Bearer " + bob;
  std::string query;
  std::vector<std::string> origins;
  bool link_up = true;
  http::request asked;

  Handshake() {
    asked.method = http::method::get;
    asked.path = "/ws";
    asked.fields = {{"Host", "x"},
                    {"upgrade", "WebSocket"},
                    {"Connection", "keep-alive, Upgrade"},
                    {"Sec-WebSocket-Version", "13"},
                    {"Sec-WebSocket-Key", key},
                    {"Authorization", bearer}};
  }
  void set(std::string_view name, std::string_view value) {
    for (auto& field : asked.fields) {
      if (field.name == name) field.value = value;
    }
  }
  void remove(std::string_view name) {
    std::erase_if(asked.fields, [&](const http::field& field) { return field.name == name; });
  }
  void ask_with(std::string text) {
    query = std::move(text);
    asked.query = query;
  }
  std::variant<admitted, http::response> outcome() { return admit(asked, {tokens, origins, link_up}, now); }
  // 101 with the user's name, or the status.
  std::string verdict() {
    const auto o = outcome();
    if (const auto* in = std::get_if<admitted>(&o)) return "101 " + in->who.user;
    return std::to_string(std::get<http::response>(o).status);
  }
  std::string refusal_headers() {
    const auto o = outcome();
    return std::holds_alternative<http::response>(o) ? std::get<http::response>(o).headers : "";
  }
};

TEST_F(Handshake, AnswersWithTheAcceptOfTheRfcsExample) {
  EXPECT_EQ(accept_of(key), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  const auto o = outcome();
  ASSERT_TRUE(std::holds_alternative<admitted>(o));
  EXPECT_EQ(std::get<admitted>(o).answer,
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n");
  EXPECT_EQ(std::get<admitted>(o).who.expires_at, now + 1h);
}

TEST_F(Handshake, TakesTheTokenFromTheQuery) {
  remove("Authorization");
  ask_with("x=1&access_token=" + bob + "&y=2");
  EXPECT_EQ(verdict(), "101 bob");
  ask_with("access_token=" + bob.substr(0, 5) + "%" + "2E");
  EXPECT_EQ(verdict(), "401");
}

TEST_F(Handshake, DecodesTheQuery) {
  remove("Authorization");
  std::string encoded = "access_token=";
  for (const char c : bob) encoded += c == '.' ? "%2e" : std::string(1, c);
  ask_with(encoded);
  EXPECT_EQ(verdict(), "101 bob");
}

TEST_F(Handshake, TwoCredentialsMustBeTheSame) {
  ask_with("access_token=" + bob);
  EXPECT_EQ(verdict(), "101 bob");
  ask_with("access_token=" + eve);
  EXPECT_EQ(verdict(), "400");
  ask_with("access_token=");
  EXPECT_EQ(verdict(), "400");
  ask_with("access_token=" + bob + "&access_token=" + eve);
  remove("Authorization");
  EXPECT_EQ(verdict(), "400");
}

TEST_F(Handshake, RefusesABadTokenWith401) {
  const auto expired = "Bearer " + tokens.mint("bob", now);
  const token::signer others{std::string(32, 'o')};
  const auto foreign = "Bearer " + others.mint("bob", now + 1h);
  for (const std::string& value : {expired, foreign, std::string("Bearer x.y.z"), std::string("Bearer"),
                                   std::string(""), "Basic " + bob, "Token " + bob, bob}) {
    set("Authorization", value);
    if (value == bob) continue;  // a bare token is judged as one
    EXPECT_EQ(verdict(), "401") << value;
    EXPECT_EQ(refusal_headers(), "WWW-Authenticate: Bearer\r\n");
  }
  remove("Authorization");
  EXPECT_EQ(verdict(), "401");
}

TEST_F(Handshake, RefusesWhatIsNoHandshake) {
  asked.method = http::method::post;
  EXPECT_EQ(verdict(), "405");
  EXPECT_EQ(refusal_headers(), "Allow: GET\r\n");
  asked.method = http::method::get;
  set("upgrade", "h2c");
  EXPECT_EQ(verdict(), "426");
  set("upgrade", "websocket");
  set("Connection", "keep-alive");
  EXPECT_EQ(verdict(), "426");
  set("Connection", "upgrade");
  set("Sec-WebSocket-Version", "8");
  EXPECT_EQ(verdict(), "426");
  EXPECT_NE(refusal_headers().find("Sec-WebSocket-Version: 13"), std::string::npos);
  set("Sec-WebSocket-Version", "13");
  asked.http_1_0 = true;
  EXPECT_EQ(verdict(), "426");
  asked.http_1_0 = false;
  EXPECT_EQ(verdict(), "101 bob");
}

TEST_F(Handshake, TheKeyIsSixteenBytesInBase64) {
  for (const auto* bad : {"", "x", "dGhlIHNhbXBsZSBub25jZQ=", "dGhlIHNhbXBsZSBub25jZQ", "dGhlIHNhbXBsZSBub25jZR==",
                          "dGhlIHNhbXBsZSBub25jZQ== ", "dGhlIHNhbXBsZSBub25j*Q==", "dGhlIHNhbXBsZSBub25jZWFh"}) {
    set("Sec-WebSocket-Key", bad);
    EXPECT_EQ(verdict(), "400") << bad;
  }
  set("Sec-WebSocket-Key", key);
  asked.fields.push_back({"Sec-WebSocket-Key", key});
  EXPECT_EQ(verdict(), "400");
  remove("Sec-WebSocket-Key");
  EXPECT_EQ(verdict(), "400");
}

TEST_F(Handshake, AListOfOriginsKeepsOthersOut) {
  asked.fields.push_back({"Origin", "https://evil.example"});
  EXPECT_EQ(verdict(), "101 bob");
  origins = {"https://chat.example", "http://localhost:3000"};
  EXPECT_EQ(verdict(), "403");
  set("Origin", "https://chat.example");
  EXPECT_EQ(verdict(), "101 bob");
  set("Origin", "null");
  EXPECT_EQ(verdict(), "403");
  remove("Origin");  // no browser
  EXPECT_EQ(verdict(), "101 bob");
}

TEST_F(Handshake, WithoutALinkEvenAGoodTokenIsAskedToComeAgain) {
  link_up = false;
  EXPECT_EQ(verdict(), "503");
  EXPECT_EQ(refusal_headers(), "Retry-After: 1\r\n");
  set("Authorization", "Bearer x");
  EXPECT_EQ(verdict(), "401");
}

}  // namespace
}  // namespace gateway

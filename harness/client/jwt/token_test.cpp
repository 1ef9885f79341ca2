#include "harness/client/jwt/token.hpp"

#include "harness/client/jwt/base64url.hpp"

#include <gtest/gtest.h>

#include <set>

namespace client::jwt {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view secret = "0123456789abcdef0123456789abcdef";
const wall_time at{std::chrono::seconds(1'700'000'000)};

TEST(Base64Url, Rfc4648Vectors) {
  EXPECT_EQ(base64url(""), "");
  EXPECT_EQ(base64url("f"), "Zg");
  EXPECT_EQ(base64url("fo"), "Zm8");
  EXPECT_EQ(base64url("foo"), "Zm9v");
  EXPECT_EQ(base64url("foob"), "Zm9vYg");
  EXPECT_EQ(base64url("fooba"), "Zm9vYmE");
  EXPECT_EQ(base64url("foobar"), "Zm9vYmFy");
  EXPECT_EQ(base64url("\xFB\xFF\xBF"), "-_-_");
}

// Computed with Python's hmac and base64.
TEST(Mint, IsWhatOthersCompute) {
  EXPECT_EQ(mint(secret, "alice", at, 1h),
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
            "eyJzdWIiOiJhbGljZSIsImlhdCI6MTcwMDAwMDAwMCwiZXhwIjoxNzAwMDAzNjAwfQ."
            "B5vWXHhsUo6l84gIB5FOXK0ItITzejyoRjel1C1Oyfs");
}

TEST(Mint, UserIsEscapedAsJson) {
  const std::string token = mint(secret, "a\"b", at, 1h);
  EXPECT_NE(token.find(base64url(R"({"sub":"a\"b","iat":1700000000,"exp":1700003600})")), std::string::npos);
}

std::string payload_of(const std::string& token) {
  const auto first = token.find('.');
  return token.substr(first + 1, token.rfind('.') - first - 1);
}

TEST(MintBad, EachFlawIsItsOwn) {
  std::set<std::string> all{mint(secret, "alice", at, 1h)};
  for (const flaw each :
       {flaw::garbage, flaw::expired, flaw::wrong_key, flaw::alg_none, flaw::no_exp, flaw::not_yet, flaw::tampered}) {
    EXPECT_TRUE(all.insert(mint_bad(each, secret, "alice", at)).second) << to_string(each);
    EXPECT_NE(to_string(each), "unknown");
  }
}

TEST(MintBad, ExpiredIsWellSigned) {
  EXPECT_EQ(mint_bad(flaw::expired, secret, "alice", at), mint(secret, "alice", at - 1h, 1h - 1min));
}

TEST(MintBad, WrongKeyAndTamperedDifferOnlyInTheSignature) {
  const std::string good = mint(secret, "alice", at, 1h);
  const std::string signed_part = good.substr(0, good.rfind('.'));
  for (const flaw each : {flaw::wrong_key, flaw::tampered}) {
    const std::string bad = mint_bad(each, secret, "alice", at);
    EXPECT_EQ(bad.substr(0, bad.rfind('.')), signed_part);
    EXPECT_EQ(bad.size(), good.size());
    EXPECT_NE(bad, good);
  }
}

TEST(MintBad, AlgNoneHasAnEmptySignature) {
  const std::string bad = mint_bad(flaw::alg_none, secret, "alice", at);
  EXPECT_EQ(bad.back(), '.');
  EXPECT_EQ(bad.substr(0, bad.find('.')), base64url(R"({"alg":"none","typ":"JWT"})"));
}

TEST(MintBad, NoExpHasNone) {
  EXPECT_EQ(payload_of(mint_bad(flaw::no_exp, secret, "alice", at)), base64url(R"({"sub":"alice","iat":1700000000})"));
}

}  // namespace
}  // namespace client::jwt

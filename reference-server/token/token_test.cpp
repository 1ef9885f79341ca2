#include "reference-server/token/token.hpp"

#include "reference-server/token/base64url.hpp"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <stdexcept>
#include <string>

namespace token {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view secret = "0123456789abcdef0123456789abcdef";
constexpr time_point now{std::chrono::microseconds(1'800'000'000'000'000)};

// Signed here by OpenSSL's one-call HMAC, so that the code under test does not vouch for itself.
std::string sign(std::string_view header, std::string_view claims, std::string_view key = secret) {
  std::string text = encode_base64url(header) + "." + encode_base64url(claims);
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()),
       text.size(), digest, &size);
  return text + "." + encode_base64url({reinterpret_cast<const char*>(digest), size});
}

constexpr std::string_view good_header = R"({"alg":"HS256"})";

boost::system::error_code refusal(std::string_view jwt, time_point at = now) {
  const signer subject(secret);
  const auto result = subject.verify(jwt, at);
  return result.has_error() ? result.error() : boost::system::error_code();
}

TEST(Token, TellsUserAndExpiry) {
  const signer subject(secret);
  const auto who = subject.verify(sign(good_header, R"({"sub":"alice_B.-9","exp":1800000001.5,"x":[1]})"), now);
  ASSERT_TRUE(who) << who.error().message();
  EXPECT_EQ(who->user, "alice_B.-9");
  EXPECT_EQ(who->expires_at, now + 1500ms);
}

TEST(Token, MintsWhatOpenSslSigns) {
  const signer subject(secret);
  EXPECT_EQ(subject.mint("bob", now), sign(R"({"alg":"HS256","typ":"JWT"})", R"({"sub":"bob","exp":1800000000})"));
}

TEST(Token, WhatIsMintedIsValidUntilItsSecond) {
  const signer subject(secret);
  const std::string jwt = subject.mint("bob", now + 10s);
  EXPECT_EQ(subject.verify(jwt, now + 10s - 1us)->user, "bob");
  EXPECT_EQ(subject.verify(jwt, now + 10s).error(), error::expired);
}

TEST(Token, TimeHasNoLeeway) {
  EXPECT_EQ(refusal(sign(good_header, R"({"sub":"a","exp":1800000000})")), error::expired);
  EXPECT_EQ(refusal(sign(good_header, R"({"sub":"a","exp":1800000000.000001})")), boost::system::error_code());
  EXPECT_EQ(refusal(sign(good_header, R"({"sub":"a","exp":1900000000,"nbf":1800000000.5})")), error::not_yet_valid);
  EXPECT_EQ(refusal(sign(good_header, R"({"sub":"a","exp":1900000000,"nbf":1800000000})")),
            boost::system::error_code());
  EXPECT_EQ(refusal(sign(good_header, R"({"sub":"a","exp":1e300})")), boost::system::error_code());
  EXPECT_EQ(refusal(sign(good_header, R"({"sub":"a","exp":-1})")), error::expired);
}

TEST(Token, ExpiryIsRequiredAndNumeric) {
  EXPECT_EQ(refusal(sign(good_header, R"({"sub":"a"})")), error::expiry);
  EXPECT_EQ(refusal(sign(good_header, R"({"sub":"a","exp":"1900000000"})")), error::expiry);
  EXPECT_EQ(refusal(sign(good_header, R"({"sub":"a","exp":null})")), error::expiry);
  EXPECT_EQ(refusal(sign(good_header, R"({"sub":"a","exp":1900000000,"nbf":"0"})")), error::not_yet_valid);
}

TEST(Token, OnlyHs256) {
  const std::string claims = R"({"sub":"a","exp":1900000000})";
  EXPECT_EQ(refusal(sign(R"({"alg":"none"})", claims)), error::algorithm);
  EXPECT_EQ(refusal(encode_base64url(R"({"alg":"none"})") + "." + encode_base64url(claims) + "."), error::algorithm);
  EXPECT_EQ(refusal(sign(R"({"alg":"hs256"})", claims)), error::algorithm);
  EXPECT_EQ(refusal(sign(R"({"alg":"HS512"})", claims)), error::algorithm);
  EXPECT_EQ(refusal(sign(R"({"alg":["HS256"]})", claims)), error::algorithm);
  EXPECT_EQ(refusal(sign(R"({"typ":"JWT"})", claims)), error::algorithm);
  EXPECT_EQ(refusal(sign(R"({"alg":"HS256","crit":["exp"]})", claims)), error::critical);
}

TEST(Token, SubjectIsAUserId) {
  for (std::string_view subject : {R"("")", R"("a b")", R"("ü")", R"("a/b")", R"(7)", R"(null)",
                                   R"("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")"}) {
    EXPECT_EQ(refusal(sign(good_header, "{\"exp\":1900000000,\"sub\":" + std::string(subject) + "}")), error::subject)
        << subject;
  }
  EXPECT_EQ(refusal(sign(good_header, R"({"exp":1900000000})")), error::subject);
}

TEST(Token, EveryChangedLetterIsRefused) {
  const std::string jwt = sign(good_header, R"({"sub":"alice","exp":1900000000})");
  for (std::size_t i = 0; i < jwt.size(); ++i) {
    std::string changed = jwt;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_TRUE(refusal(changed)) << i;
  }
  EXPECT_EQ(refusal(sign(good_header, R"({"sub":"a","exp":1900000000})", "another secret of thirty-two bytes!!")),
            error::signature);
}

TEST(Token, ShapesThatAreNoJwt) {
  const std::string jwt = sign(good_header, R"({"sub":"alice","exp":1900000000})");
  for (const std::string& text : {std::string(), std::string("a"), std::string(".."), std::string("a.b"), jwt + ".",
                                  "." + jwt, jwt + "=", jwt + " ", std::string(5000, 'A'), jwt + std::string(5000, 'A'),
                                  sign("[]", "{}"), sign(good_header, "[]"), sign(good_header, "{"), sign("{", "{}")}) {
    EXPECT_TRUE(refusal(text)) << text.substr(0, 100);
  }
}

TEST(Token, ShortSecretIsRefused) {
  EXPECT_THROW(signer("0123456789abcdef0123456789abcde"), std::invalid_argument);
}

TEST(Base64url, RoundTripsEveryLength) {
  std::string bytes;
  for (int i = 0; i < 300; ++i) {
    const auto decoded = decode_base64url(encode_base64url(bytes));
    ASSERT_TRUE(decoded);
    EXPECT_EQ(*decoded, bytes);
    bytes += static_cast<char>(i * 7);
  }
  EXPECT_EQ(encode_base64url("\xfb\xff"), "-_8");
}

TEST(Base64url, OneTextPerValue) {
  EXPECT_EQ(decode_base64url("-_8"), "\xfb\xff");
  for (std::string_view text : {"-_9", "A", "AAAAA", "-_8=", "+/8", "AA A", "AB", "AAB"}) {
    EXPECT_FALSE(decode_base64url(text)) << text;
  }
}

}  // namespace
}  // namespace token

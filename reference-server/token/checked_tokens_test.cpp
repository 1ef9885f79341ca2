// The remembered tokens: good exactly as long as the signer says so.
#include "reference-server/token/checked_tokens.hpp"

#include <gtest/gtest.h>

#include <string>

namespace token {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view shared = "0123456789abcdef0123456789abcdef";
constexpr time_point noon{std::chrono::microseconds(1'800'000'000'000'000)};

TEST(CheckedTokens, AreGoodUntilTheirExpiry) {
  const signer subject(shared);
  checked_tokens tokens(subject);
  const std::string jwt = subject.mint("bob", noon + 10s);
  for (const auto before : {10s - 0us, 5s - 0us, 1us}) {
    const auto who = tokens.verify(jwt, noon + 10s - before);
    ASSERT_TRUE(who);
    EXPECT_EQ(who->user, "bob");
    EXPECT_EQ(who->expires_at, noon + 10s);
  }
  EXPECT_EQ(tokens.verify(jwt, noon + 10s).error(), error::expired);
  EXPECT_EQ(tokens.verify(jwt, noon + 11s).error(), error::expired);
}

TEST(CheckedTokens, AreKnownByAllTheirBytes) {
  const signer subject(shared);
  checked_tokens tokens(subject);
  const std::string jwt = subject.mint("bob", noon + 10s);
  ASSERT_TRUE(tokens.verify(jwt, noon));
  for (std::size_t i = 0; i < jwt.size(); ++i) {
    std::string other = jwt;
    other[i] = other[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(tokens.verify(other, noon)) << i;
  }
  EXPECT_FALSE(tokens.verify(jwt.substr(0, jwt.size() - 1), noon));
  EXPECT_FALSE(tokens.verify(jwt + "A", noon));
  EXPECT_TRUE(tokens.verify(jwt, noon));
}

TEST(CheckedTokens, AClockSetBackIsNoticed) {
  const signer subject(shared);
  checked_tokens tokens(subject);
  // {"sub":"a","exp":1900000000,"nbf":1800000000} with the header {"alg":"HS256"}, signed with `shared`.
  const std::string jwt =
      "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIiwiZXhwIjoxOTAwMDAwMDAwLCJuYmYiOjE4MDAwMDAwMDB9."
      "SmHH0vS0Gd9bDT7ENuKIfdedL7sYwzPrWtghxiuB9xM";
  ASSERT_TRUE(tokens.verify(jwt, noon));
  EXPECT_EQ(tokens.verify(jwt, noon - 1us).error(), error::not_yet_valid);
  EXPECT_TRUE(tokens.verify(jwt, noon));
}

TEST(CheckedTokens, ManyAreRight) {
  const signer subject(shared);
  checked_tokens tokens(subject);
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 5000; ++i) {
      const std::string user = "user-" + std::to_string(i);
      ASSERT_EQ(tokens.verify(subject.mint(user, noon + 10s), noon)->user, user);
    }
  }
}

}  // namespace
}  // namespace token

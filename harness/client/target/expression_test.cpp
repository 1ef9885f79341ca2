#include "harness/client/target/expression.hpp"

#include <gtest/gtest.h>

namespace client {
namespace {

std::optional<std::string> found(const std::string& text, std::string_view in) {
  const auto made = expression::make(text);
  return made ? made->find(in) : std::optional<std::string>("no expression");
}

TEST(Expression, FindsItsFirstGroupOrTheWholeMatch) {
  EXPECT_EQ(found(R"re(csrf" value="([^"]+)")re", R"(<input name="csrf" value="a1">)"), "a1");
  EXPECT_EQ(found("[0-9]+", "id=42;"), "42");
  EXPECT_EQ(found("(x)?y", "y"), "");
  EXPECT_FALSE(found("a.b", "a\nb"));
  EXPECT_FALSE(found("^b", "a\nb"));
  EXPECT_FALSE(found("[0-9]+", ""));
}

TEST(Expression, LongPagesAndEndlessSearchesAreBounded) {
  const std::string page = std::string(900'000, 'x') + R"(csrf" value="a1")";
  EXPECT_EQ(found(R"re([^>]*csrf" value="([^"]+)")re", page), "a1");
  EXPECT_EQ(found(R"re((?:.|\n)*value="([^"]+)")re", page), "a1");
  EXPECT_FALSE(found("(x+x+)+y", page));
  EXPECT_FALSE(found("after", std::string(2'000'000, 'x') + "after"));
}

TEST(Expression, WhatIsNone) {
  EXPECT_EQ(expression::make("(a"), nullptr);
  EXPECT_EQ(expression::make("[z-a]"), nullptr);
  EXPECT_EQ(expression::make(std::string(50'000, '(') + std::string(50'000, ')')), nullptr);
}

}  // namespace
}  // namespace client

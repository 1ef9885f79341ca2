#include "harness/client/target/csv.hpp"

#include <gtest/gtest.h>

namespace client {
namespace {

using rows = std::vector<std::vector<std::string>>;

TEST(Csv, QuotesLinesAndNames) {
  const auto read = parse_csv("\xEF\xBB\xBFname,note\r\nann,\"a, \"\"b\"\"\"\r\n\r\nben,\"two\nlines\"\ncid,");
  ASSERT_TRUE(read) << read.error().clause;
  EXPECT_EQ(read->names, (std::vector<std::string>{"name", "note"}));
  EXPECT_EQ(read->rows, (rows{{"ann", "a, \"b\""}, {"ben", "two\nlines"}, {"cid", ""}}));
}

TEST(Csv, WhatIsNone) {
  EXPECT_EQ(parse_csv("").error().clause, "is empty");
  EXPECT_EQ(parse_csv("a,b\n").error().clause, "has no user below its line of names");
  EXPECT_EQ(parse_csv("a,b,a\n1,2,3\n").error().clause, "has two columns with the name 'a'");
  EXPECT_EQ(parse_csv("a,b\n1\n").error().clause, "has 1 values in row 1, and 2 columns");
  EXPECT_EQ(parse_csv("a\n\"x\n").error().clause, "has a quote that is not closed");
}

}  // namespace
}  // namespace client

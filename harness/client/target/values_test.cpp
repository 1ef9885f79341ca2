#include "harness/client/target/values.hpp"

#include "harness/client/target/nearest.hpp"
#include "harness/client/target/url.hpp"

#include <gtest/gtest.h>

namespace client {
namespace {

using namespace std::chrono_literals;

TEST(Duration, Notation) {
  EXPECT_EQ(parse_duration("0ms"), 0ms);
  EXPECT_EQ(parse_duration("250ms"), 250ms);
  EXPECT_EQ(parse_duration("10s"), 10s);
  EXPECT_EQ(parse_duration("5m"), 5min);
  EXPECT_EQ(parse_duration("1h"), 1h);
  for (const char* bad : {"", "10", "s", "1.5s", "-1s", "+1s", " 1s", "1 s", "1S", "1sec", "99999999h",
                          "18446744073709551616ms", "10000h"}) {
    EXPECT_FALSE(parse_duration(bad)) << bad;
  }
}

TEST(Duration, WritesWhatItReads) {
  for (const char* text : {"0ms", "1ms", "1500ms", "10s", "90s", "5m", "1h", "36h"}) {
    EXPECT_EQ(write_duration(*parse_duration(text)), text);
  }
}

TEST(Rate, Notation) {
  EXPECT_EQ(parse_rate("200/s"), 200.0);
  EXPECT_EQ(parse_rate("0.5/s"), 0.5);
  EXPECT_EQ(parse_rate("30/m"), 0.5);
  EXPECT_EQ(parse_rate("1800/h"), 0.5);
  for (const char* bad :
       {"", "/s", "200", "200/", "200/ms", "0/s", "-1/s", "nan/s", "inf/s", "1e9999/s", "2 /s", "x/s"}) {
    EXPECT_FALSE(parse_rate(bad)) << bad;
  }
}

TEST(Day, OfTheCalendarOnly) {
  using namespace std::chrono;
  EXPECT_EQ(parse_day("2027-03-31"), year(2027) / March / 31);
  EXPECT_EQ(parse_day("2028-02-29"), year(2028) / February / 29);
  for (const char* bad : {"", "2027-02-29", "2027-3-31", "31.03.2027", "2027-13-01", "2027-00-01", "2027-01-00",
                          "tomorrow", "2027-03-31T"}) {
    EXPECT_FALSE(parse_day(bad)) << bad;
  }
}

TEST(Nearest, FindsSlips) {
  const std::vector<std::string_view> keys{"base_url", "direct_urls", "socket", "login"};
  EXPECT_EQ(nearest("base_ulr", keys), "base_url");
  EXPECT_EQ(nearest("baseurl", keys), "base_url");
  EXPECT_EQ(nearest("sockets", keys), "socket");
  EXPECT_EQ(nearest("x", keys), "");
  EXPECT_EQ(nearest("endpoint", keys), "");
}

TEST(Nearest, Distances) {
  EXPECT_EQ(edit_distance("", ""), 0U);
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance("abc", "abc"), 0U);
  EXPECT_EQ(edit_distance("abc", "acb"), 1U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
}

TEST(Url, TakenApart) {
  const auto parsed = parse_url("HTTP://Shop.example:8080/api?x=1");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->scheme, "http");
  EXPECT_EQ(parsed->host, "Shop.example");
  EXPECT_EQ(parsed->port, 8080);
  EXPECT_EQ(parsed->path, "/api?x=1");
  EXPECT_EQ(parsed->authority(), "Shop.example:8080");
  EXPECT_EQ(parse_url("ws://h")->port, 80);
  EXPECT_EQ(parse_url("wss://h")->port, 443);
  EXPECT_EQ(parse_url("http://h")->path, "/");
  EXPECT_EQ(parse_url("http://h:80")->authority(), "h");
}

TEST(Url, IPv6) {
  const auto parsed = parse_url("ws://[::1]:9000/ws");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->host, "::1");
  EXPECT_EQ(parsed->authority(), "[::1]:9000");
  EXPECT_EQ(parsed->text(), "ws://[::1]:9000/ws");
}

TEST(Url, Refused) {
  const std::vector<std::pair<const char*, const char*>> table{
      {"", "is not a URL with scheme and host"},
      {"127.0.0.1:8080", "is not a URL with scheme and host"},
      {"/path", "is not a URL with scheme and host"},
      {"http://", "has no host"},
      {"http:///x", "has no host"},
      {"ftp://h/", "has the scheme 'ftp'"},
      {"http://h:0/", "has no valid port"},
      {"http://h:70000/", "has no valid port"},
      {"http://u:p@h/", "carries a user or a password"},
      {"http://h/#x", "has a fragment (#)"},
      {"http://h/a b", "holds a blank or a control character"},
      {"http://h/\n", "holds a blank or a control character"},
  };
  for (const auto& [text, clause] : table) {
    const auto parsed = parse_url(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().clause, clause) << text;
  }
}

TEST(Url, BasePath) {
  EXPECT_EQ(base_path(*parse_url("http://h")), "");
  EXPECT_EQ(base_path(*parse_url("http://h/")), "");
  EXPECT_EQ(base_path(*parse_url("http://h/a/b/")), "/a/b");
}

}  // namespace
}  // namespace client

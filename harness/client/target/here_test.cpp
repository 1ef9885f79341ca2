#include "harness/client/target/here.hpp"

#include <gtest/gtest.h>

#include <map>

namespace client {
namespace {

using boost::asio::ip::make_address;

bool here(const std::string& base, const std::string& socket, const std::string& direct = "") {
  target t;
  t.base_urls = {*parse_url("http://" + base)};
  t.socket.urls = {*parse_url("ws://" + socket)};
  if (!direct.empty()) t.direct_urls = {*parse_url("http://" + direct)};
  const std::map<std::string, std::vector<boost::asio::ip::address>> names{
      {"here", {make_address("127.0.0.1"), make_address("::1")}},
      {"both", {make_address("127.0.0.1"), make_address("192.0.2.7")}},
      {"mapped", {make_address("::ffff:127.0.0.2")}},
      {"mapped-away", {make_address("::ffff:192.0.2.7")}},
      {"127.0.0.1", {make_address("127.0.0.1")}},
      {"::1", {make_address("::1")}},
      {"192.0.2.7", {make_address("192.0.2.7")}},
  };
  return is_here(t, [&](const std::string& host) {
    const auto found = names.find(host);
    return found == names.end() ? std::vector<boost::asio::ip::address>{} : found->second;
  });
}

TEST(IsHere, EveryAddressOfEveryUrlIsLoopback) {
  EXPECT_TRUE(here("127.0.0.1:1", "here:2"));
  EXPECT_TRUE(here("[::1]:1", "mapped:2"));
  EXPECT_TRUE(here("here", "here", "127.0.0.1:9"));
}

TEST(IsHere, OneAddressElsewhereIsEnough) {
  EXPECT_FALSE(here("both", "here"));
  EXPECT_FALSE(here("here", "192.0.2.7"));
  EXPECT_FALSE(here("here", "here", "192.0.2.7"));
  EXPECT_FALSE(here("mapped-away", "here"));
}

TEST(IsHere, WhatDoesNotResolveIsNot) {
  EXPECT_FALSE(here("nowhere", "here"));
}

TEST(IsHere, SystemResolver) {
  const auto addresses = system_resolver()("127.0.0.1");
  ASSERT_EQ(addresses.size(), 1U);
  EXPECT_EQ(addresses[0], make_address("127.0.0.1"));
  EXPECT_EQ(system_resolver()("::1").at(0), make_address("::1"));
}

}  // namespace
}  // namespace client

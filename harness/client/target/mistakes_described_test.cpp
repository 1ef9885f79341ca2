// Mistakes people make where they describe users, logins, requests and sockets: mistakes.tsv has each with the one line
// that it must give.
#include "harness/client/target/load.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <string>

namespace client {
namespace {

std::optional<std::string> nothing_set(const std::string&) {
  return std::nullopt;
}

// Files that are right as far as they go; the mistake follows.
const std::map<std::string, std::string>& beginnings() {
  static const std::string address = "schema: 1\nname: c\nbase_url: http://127.0.0.1:8080\n";
  static const std::string socket = "socket: { url: ws://127.0.0.1:8080/ws }\n";
  static const std::string login = "login: { jwt: { secret: abc } }\n";
  static const std::map<std::string, std::string> all{
      {"with", address + socket},
      {"jwt", address + socket + login},
      {"rest", address + socket + login + "rest:\n  send: { request: POST /m, json: { t: \"${text}\" }, id: /id }\n"},
      {"socket", address + login + "socket:\n  url: ws://h/ws\n"}};
  return all;
}

TEST(DescribedMistakes, EachGivesItsLine) {
  std::ifstream in(std::string(ROLLCALL_SOURCE) + "/harness/client/target/mistakes.tsv");
  std::string line;
  int read = 0;
  while (std::getline(in, line)) {
    const auto first = line.find('\t');
    const auto second = line.find('\t', first + 1);
    ASSERT_NE(second, std::string::npos) << line;
    std::string text = line.substr(first + 1, second - first - 1);
    for (auto at = text.find("\\n"); at != std::string::npos; at = text.find("\\n")) text.replace(at, 2, "\n");
    const auto loaded = parse_target(beginnings().at(line.substr(0, first)) + text + "\n", "t.yaml", {}, nothing_set);
    ++read;
    if (loaded) {
      ADD_FAILURE() << "nothing is said about: " << text;
    } else {
      EXPECT_EQ(to_string(loaded.error()), line.substr(second + 1)) << text;
    }
  }
  EXPECT_GE(read, 100);
}

}  // namespace
}  // namespace client

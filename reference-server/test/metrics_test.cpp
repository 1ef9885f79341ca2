// The table of metrics in reference-server/metrics.md says what both processes show: each name, type and sentence, and
// no other.
#include "reference-server/test/api_fixture_test.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

namespace api_test {
namespace {

using rows = std::set<std::string>;

rows told() {
  std::ifstream table(ROLLCALL_METRICS);
  rows all;
  for (std::string line; std::getline(table, line);) {
    if (line.starts_with("| `rollcall_")) all.insert(line);
  }
  return all;
}

// As rows of the table, from the lines `# HELP name sentence` and `# TYPE name type`.
rows shown_by(const std::string& admin) {
  std::istringstream text(client(admin, "").get("/metrics").body);
  rows all;
  std::string help;
  for (std::string line; std::getline(text, line);) {
    std::istringstream words(line);
    std::string mark, kind, name;
    words >> mark >> kind >> name >> std::ws;
    std::string rest;
    std::getline(words, rest);
    if (kind == "HELP") help = rest;
    if (kind == "TYPE") all.insert("| `" + name + "` | " + rest + " | " + help + " |");
  }
  return all;
}

TEST(Metrics, AreThoseOfTheTable) {
  const environment place{::stack::options()};
  place.create_chat("alice", "bob");  // what counts requests shows itself with the first one
  rows shown;
  for (const auto& [name, admin] : place.stack->admin_urls()) shown.merge(shown_by(admin));
  EXPECT_GT(shown.size(), 25U);
  EXPECT_THAT(told(), testing::ContainerEq(shown));
}

}  // namespace
}  // namespace api_test

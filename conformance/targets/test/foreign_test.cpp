// A backend that was not written for Rollcall, started as its users start it, and judged and loaded by its target file
// alone. What it does not promise is neither passed nor failed.
#include "conformance/targets/test/foreign_backend.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>

#include <fstream>
#include <iterator>
#include <map>

namespace conformance::targets_test {
namespace {

using std::chrono::seconds;
using verdicts = std::map<std::string, std::string>;

const std::string folder = FOREIGN_FOLDER;
const std::vector<std::string> start{FOREIGN_START};

// Credentials that the backend makes itself cannot be made badly, and neither target file claims everything.
const std::map<std::string, verdicts> not_passed{
    {"express-socketio",
     {{"AUTH-02[expired]", "not run"}, {"AUTH-02[wrong-key]", "not run"}, {"AUTH-02[alg-none]", "not run"}}},
    {"django-drf",
     {{"AUTH-02[expired]", "not run"},
      {"AUTH-02[wrong-key]", "not run"},
      {"AUTH-02[alg-none]", "not run"},
      {"MSG-04", "deviation"},
      {"SOCK-03", "not claimed"}}},
};

verdicts read_verdicts(const std::string& run) {
  std::ifstream file(run + "/result.json");
  const auto result = boost::json::parse(std::string{std::istreambuf_iterator<char>(file), {}});
  verdicts all;
  for (const auto& each : result.at("requirements").as_array()) {
    auto id = boost::json::value_to<std::string>(each.at("id"));
    const auto variant = boost::json::value_to<std::string>(each.at("variant"));
    if (!variant.empty()) id += "[" + variant + "]";
    all[id] = boost::json::value_to<std::string>(each.at("verdict"));
  }
  return all;
}

TEST(ForeignBackend, ComesUpOnLoopbackAndStopsWhenAsked) {
  foreign_backend backend(folder, start);
  ASSERT_EQ(backend.problem(), "");
  EXPECT_THAT(backend.api(), testing::StartsWith("http://127.0.0.1:"));
  EXPECT_THAT(backend.sockets(), testing::StartsWith("ws://127.0.0.1:"));
  const auto said = backend.stop();
  EXPECT_EQ(said.code, 0) << backend.log();
  EXPECT_FALSE(said.timed_out);
}

TEST(ForeignBackend, IsJudgedByItsTargetFile) {
  foreign_backend backend(folder, start);
  ASSERT_EQ(backend.problem(), "");
  const selftest::scratch_folder scratch;
  const std::string run = scratch.path() + "/run";

  const auto doctor = backend.rollcall("doctor", {}, seconds(60));
  EXPECT_EQ(doctor.code, 0) << doctor.out << doctor.err << backend.log();
  const auto judged = backend.rollcall("conform", {"--out", run}, seconds(240));
  ASSERT_EQ(judged.code, 0) << judged.out << judged.err << backend.log();
  EXPECT_THAT(judged.out, testing::HasSubstr("PASS  conform gate  " + folder));
  auto found = read_verdicts(run);
  EXPECT_GT(found.size(), 40U);
  std::erase_if(found, [](const auto& each) { return each.second == "pass"; });
  EXPECT_EQ(found, not_passed.at(folder));
}

TEST(ForeignBackend, IsLoadedByItsTargetFile) {
  foreign_backend backend(folder, start);
  ASSERT_EQ(backend.problem(), "");
  const selftest::scratch_folder scratch;
  // Nobody comes or goes, and the seed says who sends to whom: enough is owed whatever the dice say.
  const std::vector<std::string> briefly{"--users",    "20",  "--rate",    "10/s", "--duration", "5s",
                                         "--online",   "1",   "--seed",    "5",    "--min-owed", "10",
                                         "--max-late", "90%", "--max-lag", "10s"};
  const auto load = [&](const std::string& run, std::vector<std::string> more) {
    more.insert(more.end(), briefly.begin(), briefly.end());
    more.insert(more.end(), {"--out", scratch.path() + "/" + run});
    return backend.rollcall("load", more, seconds(90));
  };
  const auto loaded = load("run", {});
  EXPECT_EQ(loaded.code, 0) << loaded.out << loaded.err << backend.log();
  EXPECT_THAT(loaded.out, testing::HasSubstr("PASS  load  " + folder));

  // A target file that says something else of the same backend is found out.
  const auto misread = load("misread", {"--set", "rest.history.text=/id"});
  EXPECT_EQ(misread.code, 1) << misread.out << misread.err;
  EXPECT_THAT(misread.out, testing::HasSubstr("missing from history"));
}

}  // namespace
}  // namespace conformance::targets_test

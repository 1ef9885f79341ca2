// The ledger of a load run against a backend that loses, repeats, reorders, misroutes, damages and replays messages now
// and then: what was injected is read from the backend's own log, never from ours. Every line of it is a finding of its
// own class, or stands by name among the uncertain; and there is no finding without a line.
#include "conformance/selftest/run_program.hpp"
#include "harness/record/result.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace {

using conformance::selftest::faulty_backend;
using conformance::selftest::run_program;
using conformance::selftest::scratch_folder;
namespace json = boost::json;

const std::string rollcall = std::string(ROLLCALL_BIN) + "/rollcall";

struct kind {
  const char* fault;
  const char* finding;
};
constexpr std::array<kind, 6> kinds{{{"lose_delivery", "lost"},
                                     {"duplicate", "duplicated"},
                                     {"reorder", "reordered"},
                                     {"misroute", "misrouted"},
                                     {"corrupt", "corrupted"},
                                     {"replay_late", "replayed"}}};
constexpr std::array<double, 3> rates{0.001, 0.01, 0.1};

std::vector<json::object> lines_of(const std::string& path) {
  std::vector<json::object> out;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) out.push_back(json::parse(line).as_object());
  return out;
}

// A tag up to its sequence: the message's name in every log.
std::string message_of(const json::object& line) {
  const std::string tag(line.at("tag").as_string());
  std::size_t end = 0;
  for (int dashes = 0; dashes < 5 && end != std::string::npos; ++dashes) end = tag.find('-', end + 1);
  return tag.substr(0, end);
}

using names = std::map<std::string, std::multiset<std::string>>;  // by class of finding: messages

struct outcome {
  names injected;                   // from the backend's log
  names found;                      // by the ledger
  std::set<std::string> undecided;  // messages that stand among the uncertain
};

// Each fault in chats of its own: its number is what the chat's id leaves when divided by six.
outcome run_with(std::size_t rotation, const std::vector<std::string>& coming_and_going) {
  const scratch_folder folder;
  const std::string log = folder.path() + "/injected.jsonl";
  std::vector<std::string> flags{"--log", log, "--seed", std::to_string(rotation + 1)};
  for (std::size_t k = 0; k < kinds.size(); ++k) {
    flags.insert(flags.end(),
                 {"--fault", fmt::format("{}={}@{}/6", kinds[k].fault, rates[(k + rotation) % rates.size()], k)});
  }
  const faulty_backend backend(flags);
  const std::string run = folder.path() + "/run";
  std::vector<std::string> words{
      rollcall, "load",
      "-t",     backend.write_target(folder.path(), "patience: 3s\nfeatures: [ordered_ids, after, keyset]\n"),
      "--out",  run,
      "-u",     "200",
      "--rate", "600/s",
      "-d",     "12s",
      "--seed", "5"};
  words.insert(words.end(), coming_and_going.begin(), coming_and_going.end());
  const auto said = run_program(words, {}, std::chrono::seconds(120));
  EXPECT_EQ(said.code, 1) << said.out << said.err;

  outcome out;
  for (const auto& line : lines_of(log)) {
    for (const auto& each : kinds) {
      if (line.at("fault").as_string() == each.fault) out.injected[each.finding].insert(message_of(line));
    }
  }
  for (const auto& line : lines_of(run + "/findings-0.jsonl")) {
    out.found[std::string(line.at("kind").as_string())].insert(message_of(line));
  }
  for (const auto& line : lines_of(run + "/open-0.jsonl")) {
    if (line.at("what").as_string() == "uncertain") out.undecided.insert(message_of(line));
  }
  return out;
}

// Nobody comes or goes, so nothing is uncertain: what was injected and what was found are the same, one by one.
TEST(load_faults, without_churn_each_fault_is_found_and_nothing_else) {
  std::map<std::string, std::size_t> injected;
  for (std::size_t rotation = 0; rotation < rates.size(); ++rotation) {
    const outcome got = run_with(rotation, {"--online", "1", "--session", "0"});
    EXPECT_EQ(got.found, got.injected) << "rotation " << rotation;
    EXPECT_TRUE(got.undecided.empty());
    for (const auto& [finding, messages] : got.injected) injected[finding] += messages.size();
  }
  // Each fault has had its rate of a tenth in one of the rotations. A late replay needs a socket that was opened later.
  for (const auto& each : kinds) {
    EXPECT_EQ(injected[each.finding] == 0, each.finding == std::string_view("replayed")) << each.fault;
  }
}

// While people come and go a fault may hit a socket about which nothing can be said. A slow backend also loses messages
// on sockets to which they are not owed, because they were not ready when the POST began: they became so before it was
// answered, or had been closed by us and the backend did not know yet. Such a loss leaves no line; they are few.
TEST(load_faults, with_churn_each_fault_is_found_or_uncertain_and_nothing_else_is_found) {
  std::size_t injected = 0;
  std::size_t undecided = 0;
  std::size_t owed_to_nobody = 0;
  std::set<std::string> classes;
  for (std::size_t rotation = 0; rotation < rates.size(); ++rotation) {
    const outcome got = run_with(rotation, {"--online", "0.7", "--session", "4s"});
    for (const auto& each : kinds) {
      auto missing = got.injected.contains(each.finding) ? got.injected.at(each.finding) : names::mapped_type();
      injected += missing.size();
      if (!missing.empty()) classes.insert(each.finding);
      for (const auto& found : got.found.contains(each.finding) ? got.found.at(each.finding) : names::mapped_type()) {
        const auto line = missing.find(found);
        EXPECT_NE(line, missing.end()) << each.finding << " " << found << " was not injected";
        if (line != missing.end()) missing.erase(line);
      }
      for (const auto& one : missing) {
        ++undecided;
        if (got.undecided.contains(one)) continue;
        EXPECT_STREQ(each.finding, "lost") << one << " was injected and not found";
        ++owed_to_nobody;
      }
    }
    for (const auto& [finding, messages] : got.found) {
      EXPECT_TRUE(std::ranges::any_of(kinds, [&](const kind& each) { return finding == each.finding; }))
          << finding << " " << *messages.begin() << " was not injected";
    }
  }
  EXPECT_EQ(classes.size(), kinds.size()) << "all six were injected";
  EXPECT_LT(static_cast<double>(undecided), 0.05 * static_cast<double>(injected));
  EXPECT_LT(static_cast<double>(owed_to_nobody), 0.005 * static_cast<double>(injected));
}

}  // namespace

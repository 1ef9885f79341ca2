// The commands around a target file: init writes one, check judges it, token logs in by it, and load keeps away from
// what it does not allow.
#include "conformance/selftest/run_program.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace {

using conformance::selftest::run_program;
using conformance::selftest::scratch_folder;
using testing::AllOf;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

const std::string rollcall = std::string(ROLLCALL_BIN) + "/rollcall";
constexpr const char* secret = "MY_CHAT_SECRET=12345678901234567890123456789012";

conformance::selftest::program_result in_folder(const scratch_folder& folder, std::vector<std::string> words) {
  std::vector<std::string> all{"/usr/bin/env", "-C", folder.path(), "-u", "ROLLCALL_TARGET", secret};
  all.insert(all.end(), words.begin(), words.end());
  return run_program(all);
}

std::string text_of(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(target_files, init_writes_what_check_takes) {
  const scratch_folder folder;
  const auto written = in_folder(folder, {rollcall, "init"});
  EXPECT_EQ(written.code, 0) << written.err;
  EXPECT_THAT(written.out, HasSubstr("rollcall.yaml is written"));
  const auto checked = in_folder(folder, {rollcall, "check", "rollcall.yaml"});
  EXPECT_EQ(checked.code, 0) << checked.out;
  EXPECT_THAT(checked.out, HasSubstr("ok    rollcall.yaml: target my-chat"));

  const std::string before = text_of(folder.path() + "/rollcall.yaml");
  const auto again = in_folder(folder, {rollcall, "init"});
  EXPECT_EQ(again.code, 2);
  EXPECT_THAT(again.err, HasSubstr("rollcall.yaml is there already"));
  EXPECT_EQ(text_of(folder.path() + "/rollcall.yaml"), before);
}

TEST(target_files, each_starter_is_a_good_target_file) {
  const auto listed = run_program({rollcall, "targets"});
  EXPECT_EQ(listed.code, 0);
  std::istringstream lines(listed.out.substr(listed.out.find("--like NAME):")));
  std::string line;
  std::getline(lines, line);
  std::size_t starters = 0;
  for (std::string name; lines >> name && std::getline(lines, line); ++starters) {
    const scratch_folder folder;
    EXPECT_EQ(in_folder(folder, {rollcall, "init", "--like", name}).code, 0) << name;
    const auto checked = in_folder(folder, {rollcall, "check", "rollcall.yaml"});
    EXPECT_EQ(checked.code, 0) << name << checked.out;
  }
  EXPECT_GE(starters, 1U);
}

TEST(target_files, check_names_each_file_and_the_line_of_the_mistake) {
  const scratch_folder folder;
  in_folder(folder, {rollcall, "init", "--file", "good.yaml"});
  std::ofstream(folder.path() + "/bad.yaml") << "schema: 1\nname: x\nbase_ulr: http://127.0.0.1:1\n";
  const auto said = in_folder(folder, {rollcall, "check", "bad.yaml", "good.yaml"});
  EXPECT_EQ(said.code, 2);
  EXPECT_THAT(said.out, AllOf(HasSubstr("error bad.yaml:3:1: unknown key 'base_ulr'"), HasSubstr("ok    good.yaml")));
}

TEST(target_files, token_prints_a_header) {
  const scratch_folder folder;
  in_folder(folder, {rollcall, "init"});
  const auto said = in_folder(folder, {rollcall, "token", "alice"});
  EXPECT_EQ(said.code, 0) << said.err;
  EXPECT_THAT(said.out, MatchesRegex("Authorization: Bearer eyJ[^.]+\\.eyJ[^.]+\\.[A-Za-z0-9_-]+\n"));
  const auto lost = in_folder(folder, {rollcall, "token", "alice", "-t", "reference", "--data", folder.path()});
  EXPECT_EQ(lost.code, 2);
  EXPECT_THAT(lost.err, HasSubstr("has no secret"));
}

// Every call that could carry a byte off this machine is in strace's log; the address is reserved for documentation.
TEST(target_files, load_away_from_here_sends_no_packet) {
  if (run_program({"/usr/bin/env", "strace", "-f", "-o", "/dev/null", "true"}).code != 0) {
    GTEST_SKIP() << "strace is absent or not allowed to trace here";
  }
  const scratch_folder folder;
  std::ofstream(folder.path() + "/away.yaml") << "schema: 1\nname: away\nbase_url: http://192.0.2.1:8080\n"
                                                 "socket: { url: ws://192.0.2.1:8081/ws, kind: websocket }\n"
                                                 "login: { jwt: { secret: \"${env.MY_CHAT_SECRET}\", ttl: 1h } }\n";
  const std::vector<std::string> load{rollcall, "load", "-t", "away.yaml", "-u", "2", "--rate", "1/s", "-d", "1s"};
  // The leak sanitizer cannot work under strace.
  std::vector<std::string> traced{
      "env", "ASAN_OPTIONS=detect_leaks=0", "strace", "-f", "-o", "calls.txt", "-e", "trace=network"};
  traced.insert(traced.end(), load.begin(), load.end());
  const auto said = in_folder(folder, traced);
  EXPECT_EQ(said.code, 2) << said.out << said.err;
  EXPECT_THAT(said.err, HasSubstr("allow"));
  const std::string calls = text_of(folder.path() + "/calls.txt");
  EXPECT_THAT(calls, HasSubstr("+++ exited with 2 +++"));  // the trace is there
  EXPECT_THAT(calls, Not(HasSubstr("AF_INET")));

  // The same trace shows what goes to a target that needs no word, so it would have shown that.
  std::ofstream(folder.path() + "/away.yaml") << "schema: 1\nname: dead\nbase_url: http://127.0.0.1:1\n"
                                                 "socket: { url: ws://127.0.0.1:1/ws, kind: websocket }\n"
                                                 "login: { jwt: { secret: \"${env.MY_CHAT_SECRET}\", ttl: 1h } }\n";
  EXPECT_EQ(in_folder(folder, traced).code, 3);
  EXPECT_THAT(text_of(folder.path() + "/calls.txt"), HasSubstr("AF_INET"));
}

}  // namespace

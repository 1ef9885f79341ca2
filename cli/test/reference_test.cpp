// The whole path on the real reference server: a run that passes, and a run that is killed in the middle. Nothing of
// either may be left.
#include "cli/test/processes.hpp"
#include "conformance/selftest/run_program.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace {

using conformance::selftest::run_program;
using conformance::selftest::running_program;
using conformance::selftest::scratch_folder;
using testing::HasSubstr;

const std::string rollcall = std::string(ROLLCALL_BIN) + "/rollcall";

std::string all_text_in(const std::string& folder) {
  std::string text;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    text.append(std::istreambuf_iterator<char>(file), {});
  }
  return text;
}

TEST(reference, passes_on_one_and_on_two_of_each) {
  const std::vector<std::pair<std::string, const char*>> runs{
      {"reference", "1"}, {"reference", "2"}, {"reference-socketio", "1"}, {"reference-socketio", "2"}};
  for (const auto& [target, processes] : runs) {
    const scratch_folder folder;
    const std::string run = folder.path() + "/run";
    const auto said =
        run_program({rollcall, "conform", "-t", target, "--out", run, "--set", std::string("stack.api=") + processes,
                     "--set", std::string("stack.gateway=") + processes},
                    {}, std::chrono::seconds(120));
    EXPECT_EQ(said.code, 0) << said.out << said.err;
    EXPECT_THAT(said.out, HasSubstr("PASS  conform gate  " + target + "@"));
    for (const char* file : {"result.json", "target.yaml", "trace-0.jsonl", "logs/api1.log", "logs/g1.log"}) {
      EXPECT_TRUE(std::filesystem::exists(run + "/" + file)) << file;
    }
    // Several stand behind one address.
    EXPECT_EQ(std::filesystem::exists(run + "/logs/haproxy.log"), std::string(processes) == "2");
    // Every token is a JSON Web Token and begins with an encoded '{"'.
    EXPECT_THAT(all_text_in(run), testing::Not(HasSubstr("eyJ")));
  }
}

TEST(reference, leaves_nothing_when_rollcall_is_killed) {
  const scratch_folder folder;
  running_program program({rollcall, "conform", "-t", "reference", "--out", folder.path() + "/run"});
  ASSERT_TRUE(program.wait_for("conform gate", std::chrono::seconds(60)));
  ASSERT_TRUE(cli::test::wait_for_child(program.pid(), "rollcall-cases", std::chrono::seconds(20)));
  const auto family = cli::test::descendants_of(program.pid());
  const auto named = [&](const std::string& name) {
    return std::ranges::any_of(family, [&](pid_t each) { return cli::test::name_of(each) == name; });
  };
  EXPECT_TRUE(named("postgres") && named("redis-server") && named("rollcall-api") && named("rollcall-gatewa"));
  std::vector<std::string> folders;
  for (const pid_t each : family) {
    // The database works in the stack's folder.
    std::error_code error;
    const auto cwd = std::filesystem::read_symlink("/proc/" + std::to_string(each) + "/cwd", error);
    if (!error && cli::test::name_of(each) == "postgres") folders.push_back(cwd.string());
  }
  ASSERT_FALSE(folders.empty());

  program.signal(SIGKILL);
  program.finish();
  for (const pid_t each : family) EXPECT_TRUE(cli::test::wait_until_gone(each, std::chrono::seconds(30))) << each;
  for (const auto& each : folders) EXPECT_FALSE(std::filesystem::exists(each)) << each;
}

TEST(reference, ctrl_c_while_the_stack_starts_leaves_nothing) {
  const scratch_folder folder;
  running_program program({rollcall, "conform", "-t", "reference", "--out", folder.path() + "/run"});
  const auto supervisor = cli::test::wait_for_child(program.pid(), "rollcall-stack", std::chrono::seconds(20));
  ASSERT_TRUE(supervisor);
  program.signal(SIGINT);
  const auto said = program.finish();
  EXPECT_EQ(said.code, 130) << said.out << said.err;
  EXPECT_TRUE(cli::test::wait_until_gone(*supervisor, std::chrono::seconds(30)));
}

}  // namespace

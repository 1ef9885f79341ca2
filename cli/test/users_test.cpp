// Users that a program of the target file prints: it runs with leave only, once, and its rows are who the workers are.
#include "conformance/selftest/run_program.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace {

using conformance::selftest::faulty_backend;
using conformance::selftest::run_program;
using conformance::selftest::scratch_folder;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const std::string rollcall = std::string(ROLLCALL_BIN) + "/rollcall";

class printed_users : public testing::Test {
 protected:
  /// The program stands beside the target file and notes each time that it runs.
  std::string target_with(const std::string& script) {
    const std::string program = folder_.path() + "/make-users";
    std::ofstream(program) << "#!/bin/sh\necho ran >> ran\n" << script;
    ::chmod(program.c_str(), 0700);
    return backend_.write_target(folder_.path(), "users: { command: [./make-users, \"40\"] }\n");
  }

  conformance::selftest::program_result conform(std::vector<std::string> more) {
    std::vector<std::string> words{rollcall, "conform", "-t", folder_.path() + "/target.yaml",
                                   "--only", "RT-01",   "-o", run()};
    words.insert(words.end(), more.begin(), more.end());
    return run_program(words);
  }

  std::string run() const { return folder_.path() + "/run"; }

  std::string runs_of_the_program() const {
    std::ifstream file(folder_.path() + "/ran");
    return {std::istreambuf_iterator<char>(file), {}};
  }

  scratch_folder folder_;
  faulty_backend backend_{{}};
};

constexpr const char* forty = "echo name,password\ni=0\nwhile [ $i -lt $1 ]; do i=$((i+1)); echo roll-$i,pw-$i; done\n";

TEST_F(printed_users, need_the_flag) {
  target_with(forty);
  const auto refused = conform({});
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("target.yaml:6 users.command would run ./make-users 40"),
                                 HasSubstr("--allow-commands lets it")));
  EXPECT_EQ(std::count(refused.err.begin(), refused.err.end(), '\n'), 1);
  EXPECT_EQ(runs_of_the_program(), "");
  EXPECT_EQ(run_program({rollcall, "check", folder_.path() + "/target.yaml"}).code, 0);
  EXPECT_EQ(runs_of_the_program(), "");
}

TEST_F(printed_users, are_who_the_workers_are) {
  target_with(forty);
  const auto judged = conform({"--allow-commands"});
  EXPECT_EQ(judged.code, 0) << judged.out << judged.err;
  EXPECT_EQ(runs_of_the_program(), "ran\n");
  std::string all;
  for (const auto& each : std::filesystem::recursive_directory_iterator(run())) {
    if (!each.is_regular_file()) continue;
    std::ifstream file(each.path());
    all += std::string{std::istreambuf_iterator<char>(file), {}};
  }
  EXPECT_THAT(all, AllOf(HasSubstr("roll-1"), Not(HasSubstr("pw-1"))));
  EXPECT_THAT(all, HasSubstr("./make-users"));  // the target's copy says how

  const auto loaded = run_program({rollcall, "load", "-t", folder_.path() + "/target.yaml", "--allow-commands", "-u",
                                   "41", "--rate", "20/s", "-d", "1s", "-o", folder_.path() + "/load"});
  EXPECT_EQ(loaded.code, 3) << loaded.out << loaded.err;
  std::ifstream result(folder_.path() + "/load/result.json");
  EXPECT_THAT(std::string(std::istreambuf_iterator<char>(result), {}), HasSubstr("has 40 users, 41 are asked for"));
}

TEST_F(printed_users, a_program_that_fails_is_named_and_nothing_is_left) {
  const std::vector<std::pair<std::string, std::string>> programs{
      {"exit 3\n", "target.yaml:6 users.command ended with 3"},
      {"kill -9 $$\n", "users.command was ended by signal 9"},
      {"echo name,name; echo a,b\n", "what users.command printed has two columns with the name 'name'"},
  };
  for (const auto& [script, said] : programs) {
    target_with(script);
    const auto failed = conform({"--allow-commands"});
    EXPECT_EQ(failed.code, 2) << script;
    EXPECT_THAT(failed.err, HasSubstr(said));
    EXPECT_FALSE(std::filesystem::exists(run()));
    EXPECT_FALSE(std::filesystem::exists(run() + ".partial"));
  }
  std::filesystem::remove(folder_.path() + "/make-users");
  EXPECT_THAT(conform({"--allow-commands"}).err, HasSubstr("cannot be started: ./make-users: No such file"));
}

}  // namespace

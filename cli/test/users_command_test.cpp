// The limits of the program that prints users: how long it may take, how much it may print, and Ctrl-C meanwhile. None
// of its processes outlives it.
#include "cli/users_command.hpp"

#include "cli/command_error.hpp"
#include "cli/test/processes.hpp"
#include "conformance/selftest/run_program.hpp"
#include "harness/client/target/load.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>

#include <chrono>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using namespace std::chrono_literals;
using cli::test::wait_for_text;
using cli::test::wait_until_gone;
using conformance::selftest::running_program;
using conformance::selftest::scratch_folder;
using record::exit_code;
using testing::HasSubstr;

// Notes its own process and one that it starts, and never ends by itself.
const std::string endless = "sleep 600 &\necho $$ $! >> started\nwait\n";

class users_command : public testing::Test {
 protected:
  void write_program(const std::string& script) {
    const std::string program = folder_.path() + "/make-users";
    std::ofstream(program) << "#!/bin/sh\n" << script;
    ::chmod(program.c_str(), 0700);
    choice_.name = folder_.path() + "/t.yaml";
    choice_.text =
        "schema: 1\nname: t\nbase_url: http://127.0.0.1:1\nsocket: { url: ws://127.0.0.1:1/ws }\n"
        "users: { command: [./make-users] }\n"
        "login: { jwt: { secret: a-secret-of-at-least-thirty-two-bytes } }\n";
    std::ofstream(choice_.name) << choice_.text;
  }

  struct said {
    std::optional<std::string> printed;
    std::string problem;
    exit_code code = exit_code::passed;
  };
  said run(std::chrono::milliseconds limit = 30s) {
    const auto target = client::parse_target(choice_.text, choice_.name, {}, client::process_environment());
    if (!target) throw std::runtime_error(client::to_string(target.error()));
    try {
      return {
          .printed = cli::printed_users(choice_, *target, interrupt_, limit), .problem = {}, .code = exit_code::passed};
    } catch (const cli::command_error& error) {
      return {.printed = {}, .problem = error.what(), .code = error.code()};
    }
  }

  // The two of `endless`, once it has begun; they are gone.
  void expect_nobody_left() const {
    std::ifstream started(folder_.path() + "/started");
    std::vector<pid_t> all;
    for (pid_t each = 0; started >> each;) all.push_back(each);
    ASSERT_EQ(all.size(), 2U);
    for (const pid_t each : all) EXPECT_TRUE(wait_until_gone(each, 10s)) << each;
  }

  scratch_folder folder_;
  cli::target_choice choice_;
  cli::interruption interrupt_;  // Ctrl-C reaches it, not the test
};

TEST_F(users_command, that_does_not_end_is_killed_with_its_children) {
  // The limit must not fall before the program has noted whom it started, however slow the machine is.
  write_program(endless + "\n");
  for (auto limit = 200ms; limit < 20s; limit *= 2) {
    const auto got = run(limit);
    EXPECT_EQ(got.code, exit_code::usage);
    EXPECT_THAT(got.problem, HasSubstr("t.yaml:5 users.command did not end in " + std::to_string(limit.count()) +
                                       " ms; it was killed"));
    if (wait_for_text(folder_.path() + "/started", "\n", 0s)) break;
  }
  expect_nobody_left();
}

TEST_F(users_command, that_closes_its_output_and_goes_on_is_killed_too) {
  write_program("echo name; exec >&-\n" + endless);
  for (auto limit = 200ms; limit < 20s; limit *= 2) {
    EXPECT_THAT(run(limit).problem, HasSubstr("did not end in"));
    if (wait_for_text(folder_.path() + "/started", "\n", 0s)) break;
  }
  expect_nobody_left();
}

TEST_F(users_command, may_print_64_mib_and_no_more) {
  write_program("head -c 67108864 /dev/zero\n");
  const auto all = run();
  EXPECT_EQ(all.problem, "");
  EXPECT_EQ(all.printed.value_or("").size(), 64U << 20U);
  write_program("echo $$ $$ >> started\nhead -c 67108865 /dev/zero\nsleep 600\n");
  const auto more = run();
  EXPECT_EQ(more.code, exit_code::usage);
  EXPECT_THAT(more.problem, HasSubstr("t.yaml:5 users.command prints more than 64 MiB"));
  expect_nobody_left();
}

TEST_F(users_command, is_killed_by_what_interrupts_us) {
  write_program("kill -TERM $PPID\n" + endless);
  const auto got = run();
  EXPECT_EQ(got.code, exit_code::terminated);
  EXPECT_THAT(got.problem, HasSubstr("interrupted while the command of the target file ran"));
  EXPECT_FALSE(interrupt_.pending());
}

// As a person does it: the exit code, why, and no process left.
TEST_F(users_command, ends_with_ctrl_c) {
  write_program(endless);
  for (const auto& [signal, code] : {std::pair(SIGINT, 130), std::pair(SIGTERM, 143)}) {
    std::ofstream(folder_.path() + "/started", std::ios::trunc);
    running_program judging(
        {std::string(ROLLCALL_BIN) + "/rollcall", "token", "alice", "-t", choice_.name, "--allow-commands"});
    ASSERT_TRUE(wait_for_text(folder_.path() + "/started", "\n", 20s));
    judging.signal(signal);
    const auto ended = judging.finish(20s);
    EXPECT_EQ(ended.code, code) << ended.err;
    EXPECT_EQ(ended.out, "");
    EXPECT_THAT(ended.err, HasSubstr("interrupted while the command of the target file ran"));
    expect_nobody_left();
  }
}

}  // namespace

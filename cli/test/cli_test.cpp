// The rollcall command as people use it: each mistake one clear line and its exit code, an interruption a report.
#include "cli/test/processes.hpp"
#include "conformance/selftest/run_program.hpp"
#include "harness/record/result.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace {

using conformance::selftest::faulty_backend;
using conformance::selftest::program_result;
using conformance::selftest::run_program;
using conformance::selftest::running_program;
using conformance::selftest::scratch_folder;
using testing::HasSubstr;

const std::string rollcall = std::string(ROLLCALL_BIN) + "/rollcall";

/// rollcall with these words in an empty folder; `settings` are NAME=value for the environment.
program_result in_folder(const scratch_folder& folder, std::vector<std::string> words,
                         const std::vector<std::string>& settings = {}) {
  std::vector<std::string> all{"/usr/bin/env", "-C", folder.path(), "-u", "ROLLCALL_TARGET"};
  all.insert(all.end(), settings.begin(), settings.end());
  all.push_back(rollcall);
  all.insert(all.end(), words.begin(), words.end());
  return run_program(all);
}

void write(const std::string& path, const std::string& text) {
  std::ofstream(path) << text;
}

struct mistake {
  std::string name;
  std::vector<std::string> words;
  std::vector<std::string> settings;
  int code;
  std::string says;
};

std::ostream& operator<<(std::ostream& out, const mistake& value) {
  return out << value.name;
}

class mistakes : public testing::TestWithParam<mistake> {};

TEST_P(mistakes, is_one_clear_line_and_its_code) {
  const scratch_folder folder;
  write(folder.path() + "/unknown-key.yaml", "schema: 1\nname: x\nbase_ulr: http://127.0.0.1:1\n");
  write(folder.path() + "/dead.yaml",
        "schema: 1\nname: x\nbase_url: http://127.0.0.1:1\nsocket: { url: ws://127.0.0.1:1/ws, kind: websocket }\n"
        "login: { jwt: { secret: 12345678901234567890123456789012, ttl: 1h } }\n");
  std::filesystem::create_directory(folder.path() + "/full");
  write(folder.path() + "/full/file", "");
  const auto said = in_folder(folder, GetParam().words, GetParam().settings);
  EXPECT_EQ(said.code, GetParam().code) << said.err;
  EXPECT_EQ(said.out, "");
  EXPECT_EQ(std::ranges::count(said.err, '\n'), 1) << said.err;
  EXPECT_THAT(said.err, HasSubstr(GetParam().says));
  EXPECT_FALSE(std::filesystem::exists(folder.path() + "/runs"));
}

INSTANTIATE_TEST_SUITE_P(
    cli, mistakes,
    testing::Values(
        mistake{"no_target", {"conform"}, {}, 2, "no target: give --target FILE"},
        mistake{"empty_target", {"conform", "--target", ""}, {}, 2, "--target is empty"},
        mistake{"empty_variable", {"conform"}, {"ROLLCALL_TARGET="}, 2, "ROLLCALL_TARGET is empty"},
        mistake{"missing_file", {"conform", "-t", "nowhere.yaml"}, {}, 2, "nowhere.yaml cannot be read"},
        mistake{"folder_as_target", {"conform", "-t", "full"}, {}, 2, "full is a folder"},
        mistake{"unknown_key",
                {"conform", "-t", "unknown-key.yaml"},
                {},
                2,
                "unknown-key.yaml:3:1: unknown key 'base_ulr'"},
        mistake{"nearest_key", {"conform", "-t", "unknown-key.yaml"}, {}, 2, "did you mean base_url?"},
        mistake{"dead_target", {"conform", "-t", "dead.yaml"}, {}, 3, "is not reachable"},
        mistake{"wrong_flag", {"conform", "--tarket", "x"}, {}, 2, "--tarket"},
        mistake{"wrong_command", {"confrom"}, {}, 2, "confrom"}, mistake{"no_command", {}, {}, 2, "no command given"},
        mistake{"nothing_selected", {"conform", "-t", "reference", "--only", "XX-*"}, {}, 5, "no requirement matches"},
        mistake{
            "wrong_setting", {"conform", "-t", "reference", "--set", "patiense=2s"}, {}, 2, "did you mean patience?"},
        mistake{
            "setting_without_value", {"conform", "-t", "reference", "--set", "patience"}, {}, 2, "expected key=value"},
        mistake{
            "wrong_stack_setting", {"conform", "-t", "dead.yaml", "--set", "stack.api=2"}, {}, 2, "--target reference"},
        mistake{"wrong_duration", {"conform", "-t", "dead.yaml", "--wait", "60"}, {}, 2, "such as 60s"},
        mistake{"wrong_patience", {"conform", "-t", "reference", "--patience", "3"}, {}, 2, "such as 3x"},
        mistake{"rate_without_unit", {"load", "-t", "reference", "--rate", "500"}, {}, 2, "such as 500/s"},
        mistake{"two_rates", {"load", "--rate", "1/s", "--per-user", "1/s"}, {}, 2, "give one of them"},
        mistake{"wrong_objective", {"load", "--slo", "delivery.p99<50"}, {}, 2, "is no time, such as 50ms"},
        mistake{"unknown_measure", {"load", "--slo", "lsot=0"}, {}, 2, "cannot be measured"},
        mistake{"one_user", {"load", "-u", "1"}, {}, 2, "--users"},
        mistake{"dead_target_for_load", {"load", "-t", "dead.yaml"}, {}, 3, "is not reachable"},
        mistake{"full_folder", {"conform", "-t", "reference", "--out", "full"}, {}, 2, "full"},
        mistake{"unknown_requirement", {"explain", "RT-99"}, {}, 2, "no requirement 'RT-99'"},
        mistake{"unknown_schema", {"schema", "targte"}, {}, 2, "no schema 'targte'; there are target and result"}),
    [](const auto& each) { return each.param.name; });

TEST(environment, names_the_target) {
  const scratch_folder folder;
  const auto said = in_folder(folder, {"conform"}, {"ROLLCALL_TARGET=nowhere.yaml"});
  EXPECT_EQ(said.code, 2);
  EXPECT_THAT(said.err, HasSubstr("nowhere.yaml"));
}

TEST(schema, is_the_published_one) {
  for (const auto& [name, path] : {std::pair("target", "harness/client/target/schema/target.json"),
                                   std::pair("result", "harness/record/schema/result.json")}) {
    const auto said = run_program({rollcall, "schema", name});
    EXPECT_EQ(said.code, 0);
    std::ifstream file(std::string(ROLLCALL_SOURCE) + "/" + path);
    EXPECT_EQ(said.out, (std::string{std::istreambuf_iterator<char>(file), {}})) << path;
  }
}

TEST(explain, tells_the_requirement) {
  const auto said = run_program({rollcall, "explain", "OFF-02"});
  EXPECT_EQ(said.code, 0) << said.err;
  for (const char* part : {"OFF-02", "Requirement", "Why", "How it is checked", "Usual causes"}) {
    EXPECT_THAT(said.out, HasSubstr(part));
  }
}

/// A run that takes long: deliveries never come, and each case waits for its patience.
class long_run : public testing::Test {
 protected:
  std::vector<std::string> words(const std::string& only, int workers) {
    return {rollcall,    "conform",
            "-t",        backend_.write_target(folder_.path(), "patience: 20s\n"),
            "--out",     run_,
            "--only",    only,
            "--workers", std::to_string(workers)};
  }
  record::result result() {
    std::ifstream file(run_ + "/result.json");
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const auto read = record::from_json(text);
    EXPECT_TRUE(read.value) << read.problem << text;
    return read.value.value_or(record::result{});
  }

  scratch_folder folder_;
  std::string dropped_ = folder_.path() + "/dropped.log";
  faulty_backend backend_{{"--fault", "deliver_nothing", "--log", dropped_}};
  std::string run_ = folder_.path() + "/run";
};

TEST_F(long_run, ctrl_c_writes_the_report) {
  for (const auto& [signal, code] : {std::pair{SIGINT, 130}, std::pair{SIGTERM, 143}}) {
    std::filesystem::remove_all(run_);
    running_program program(words("MSG-01,RT-*", 2));
    ASSERT_TRUE(program.wait_for("conform gate", std::chrono::seconds(20)));
    ASSERT_TRUE(cli::test::wait_for_child(program.pid(), "rollcall-cases", std::chrono::seconds(20)));
    program.signal(signal);
    const auto said = program.finish(std::chrono::seconds(30));
    EXPECT_EQ(said.code, code) << said.out << said.err;
    EXPECT_THAT(said.out, HasSubstr("INTERRUPTED  conform gate"));
    EXPECT_EQ(result().verdict, record::run_verdict::interrupted);
  }
}

TEST_F(long_run, a_worker_that_dies_costs_one_case) {
  running_program program(words("RT-01,OFF-01", 1));
  const auto worker = cli::test::wait_for_child(program.pid(), "rollcall-cases", std::chrono::seconds(20));
  ASSERT_TRUE(worker);
  // A second message was dropped, after that of the first steps: the case has begun and waits for it.
  ASSERT_TRUE(cli::test::wait_for_text(dropped_, "deliver_nothing", std::chrono::seconds(20), 2));
  ::kill(*worker, SIGKILL);
  const auto said = program.finish();
  EXPECT_EQ(said.code, 70) << said.out << said.err;
  const auto judged = result();
  ASSERT_THAT(judged.requirements, testing::SizeIs(2));
  EXPECT_EQ(judged.requirements[0].verdict, record::requirement_verdict::error) << said.out;
  EXPECT_THAT(judged.requirements[0].reason, HasSubstr("signal 9"));
  EXPECT_EQ(judged.requirements[1].verdict, record::requirement_verdict::pass) << said.out;
}

TEST_F(long_run, the_workers_go_when_rollcall_is_killed) {
  running_program program(words("RT-01", 1));
  const auto worker = cli::test::wait_for_child(program.pid(), "rollcall-cases", std::chrono::seconds(20));
  ASSERT_TRUE(worker);
  program.signal(SIGKILL);
  program.finish();
  EXPECT_TRUE(cli::test::wait_until_gone(*worker, std::chrono::seconds(20)));
}

}  // namespace

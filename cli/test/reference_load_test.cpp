// rollcall load on the real reference server: an api that stands still for three seconds shows in the latencies as
// arithmetic says, and nothing is lost by it.
#include "cli/test/processes.hpp"
#include "conformance/selftest/run_program.hpp"
#include "harness/record/result.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>
#include <optional>
#include <thread>

namespace {

using conformance::selftest::running_program;
using conformance::selftest::scratch_folder;
using namespace std::chrono_literals;

const std::string rollcall = std::string(ROLLCALL_BIN) + "/rollcall";

std::optional<pid_t> descendant(pid_t of, const std::string& name) {
  for (const pid_t each : cli::test::descendants_of(of)) {
    if (cli::test::name_of(each) == name) return each;
  }
  return std::nullopt;
}

// Sends come evenly at 100/s for 12 s and the api stands still for 3 s of them: a send that was due x seconds before it
// goes on waits x seconds, so of the 1,200 the slowest 12 (1 %) waited 2.88 s and more, and the slowest 120 waited 1.8
// s and more. One that was due in the last moment before shows the whole 3 s. To what was waited a busy machine adds
// the time in which the api works off what has come meanwhile; it never takes anything away.
TEST(reference_load, an_api_that_stands_still_shows_in_every_send_that_was_due) {
  const scratch_folder folder;
  const std::string run = folder.path() + "/run";
  running_program program({rollcall,   "load",   "-t",         "reference",  "--out",     run,  "-u",
                           "100",      "--rate", "100/s",      "--arrivals", "constant",  "-d", "12s",
                           "--online", "1",      "--max-late", "90%",        "--max-lag", "10s"});
  ASSERT_TRUE(program.wait_for("load  reference@", 60s));
  // The second interval is over: the load goes on.
  ASSERT_TRUE(cli::test::wait_for_text(run + ".partial/latency.hlog", "Tag=ack,2.", 60s));
  const auto api = descendant(program.pid(), "rollcall-api");
  ASSERT_TRUE(api);
  const auto stopped = std::chrono::steady_clock::now();
  ::kill(*api, SIGSTOP);
  std::this_thread::sleep_for(3s);
  const double stood_ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - stopped).count();
  ::kill(*api, SIGCONT);
  const auto said = program.finish(60s);
  EXPECT_EQ(said.code, 0) << said.out << said.err;

  std::ifstream file(run + "/result.json");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const auto read = record::from_json(text);
  ASSERT_TRUE(read.value) << read.problem;
  const auto& load = *read.value->load;
  EXPECT_EQ(load.generator.intended, 1200U);
  EXPECT_TRUE(read.value->ledger.findings.empty()) << "late is not lost";
  // All, but for sockets that are closed and opened anew because the machine stood still and Redis was silent.
  EXPECT_GE(load.coverage.owed, 1100U);
  const auto& ack = load.latencies[0];
  ASSERT_EQ(ack.name, "ack");
  EXPECT_EQ(ack.from_intended.count, 1200U);
  const auto about = [](double waited_ms) {
    return testing::AllOf(testing::Ge(waited_ms - 60), testing::Le(waited_ms + 1500));
  };
  EXPECT_THAT(ack.from_intended.max_ms, about(stood_ms));
  EXPECT_THAT(ack.from_intended.p99_ms, about(stood_ms - 120));
  EXPECT_THAT(ack.from_intended.p90_ms, about(stood_ms - 1200));
  EXPECT_LT(ack.from_intended.p50_ms, 200);
  // Without the intended start only those that were on their way count, one for each of the 64 connections.
  EXPECT_LT(ack.from_actual_start.p90_ms, 500);
  EXPECT_THAT(load.latencies[1].from_intended.p99_ms, about(stood_ms - 120)) << "delivery waits as long";
}

}  // namespace

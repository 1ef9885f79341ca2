// rollcall load as people use it, against the in-memory backend: what it writes, when it cannot conclude, how it ends.
#include "cli/test/processes.hpp"
#include "cli/test/standstill.hpp"
#include "conformance/selftest/run_program.hpp"
#include "harness/record/result.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <thread>

namespace {

using conformance::selftest::faulty_backend;
using conformance::selftest::program_result;
using conformance::selftest::run_program;
using conformance::selftest::running_program;
using conformance::selftest::scratch_folder;
using testing::HasSubstr;
using namespace std::chrono_literals;

const std::string rollcall = std::string(ROLLCALL_BIN) + "/rollcall";

class load : public testing::Test {
 protected:
  std::vector<std::string> words(const std::vector<std::string>& more) {
    std::vector<std::string> all{rollcall, "load", "-t",     backend_.write_target(folder_.path(), settings_),
                                 "--out",  run_,   "-u",     "60",
                                 "--rate", "50/s", "--seed", "7"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }

  record::result result(const std::string& folder = {}) {
    std::ifstream file((folder.empty() ? run_ : folder) + "/result.json");
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const auto read = record::from_json(text);
    EXPECT_TRUE(read.value) << read.problem << text;
    return read.value.value_or(record::result{});
  }

  // For what is not about being late, which a busy machine may be.
  std::vector<std::string> even_late(std::vector<std::string> more) {
    more.insert(more.end(), {"--max-late", "90%", "--max-lag", "10s"});
    return words(more);
  }

  const std::string settings_ = "patience: 3s\nfeatures: [ordered_ids, after, keyset]\n";
  scratch_folder folder_;
  faulty_backend backend_{{}};
  std::string run_ = folder_.path() + "/run";
};

TEST_F(load, accounts_for_every_message_and_every_send) {
  const auto said = run_program(even_late({"-d", "5s", "--session", "2s", "--online", "0.7", "--workers", "2"}));
  EXPECT_EQ(said.code, 0) << said.out << said.err;
  EXPECT_THAT(said.out, HasSubstr("PASS  load  faulty"));
  const auto got = result();
  ASSERT_TRUE(got.load);
  const auto& generator = got.load->generator;
  std::uint64_t not_sent = 0;
  for (const auto& each : generator.not_sent) not_sent += each.second;
  EXPECT_EQ(generator.intended, generator.on_time + generator.late + not_sent);
  EXPECT_GT(generator.intended, 150U);
  EXPECT_EQ(got.load->plan.workers, 2U);
  EXPECT_GT(got.load->coverage.offline, 0U);
  EXPECT_GT(got.load->coverage.owed, 100U);
  std::uint64_t intended = 0;
  std::uint64_t acknowledged = 0;
  for (const auto& each : got.load->timeline) {
    intended += each.intended;
    acknowledged += each.acknowledged;
  }
  EXPECT_EQ(intended, generator.intended) << "the timeline adds up";
  EXPECT_EQ(acknowledged, got.load->latencies[0].from_intended.count);
  for (const char* file : {"result.json", "target.yaml", "latency.hlog", "findings-0.jsonl", "open-1.jsonl"}) {
    EXPECT_TRUE(std::filesystem::exists(run_ + "/" + file)) << file;
  }
}

TEST_F(load, sends_the_same_messages_on_any_number_of_workers) {
  std::vector<std::uint64_t> sent;
  for (const char* workers : {"1", "3"}) {
    const std::string out = folder_.path() + "/with-" + workers;
    std::vector<std::string> all = even_late({"-d", "2s", "--min-owed", "1", "--workers", workers});
    *(std::ranges::find(all, "--out") + 1) = out;
    const auto said = run_program(all);
    EXPECT_EQ(said.code, 0) << said.out << said.err;
    sent.push_back(result(out).load->generator.intended);
  }
  EXPECT_EQ(sent[0], sent[1]);
}

TEST_F(load, a_plan_sends_nothing) {
  const auto said = run_program(words({"-d", "5m", "--plan"}));
  EXPECT_EQ(said.code, 0) << said.err;
  EXPECT_THAT(said.out, HasSubstr("nothing was sent"));
  EXPECT_THAT(said.out, HasSubstr("about 15000"));
  EXPECT_FALSE(std::filesystem::exists(run_));
}

TEST_F(load, an_objective_that_breaks_is_a_finding) {
  const auto said = run_program(even_late({"-d", "3s", "--slo", "ack.max<1us"}));
  EXPECT_EQ(said.code, 1) << said.out << said.err;
  EXPECT_THAT(said.out, HasSubstr("FAIL  load  faulty"));
  EXPECT_THAT(said.out, HasSubstr("ack.max<1us"));
}

TEST_F(load, too_little_to_judge_is_inconclusive) {
  const auto said = run_program(words({"-d", "2s", "--online", "0"}));
  EXPECT_EQ(said.code, 4) << said.out << said.err;
  EXPECT_THAT(said.out, HasSubstr("INCONCLUSIVE  load  faulty"));
}

TEST_F(load, ctrl_c_drains_and_reports) {
  for (const auto& [signal, code] : {std::pair{SIGINT, 130}, std::pair{SIGTERM, 143}}) {
    std::filesystem::remove_all(run_);
    running_program program(words({"-d", "10m"}));
    ASSERT_TRUE(cli::test::wait_for_child(program.pid(), "rollcall-users", 20s));
    ASSERT_TRUE(cli::test::wait_for_text(run_ + ".partial/latency.hlog", "Tag=ack", 20s));
    program.signal(signal);
    const auto said = program.finish(30s);
    EXPECT_EQ(said.code, code) << said.out << said.err;
    EXPECT_THAT(said.out, HasSubstr("INTERRUPTED  load"));
    const auto got = result();
    EXPECT_EQ(got.verdict, record::run_verdict::interrupted);
    EXPECT_GT(got.load->coverage.sent, 0U) << "what was sent until then is judged";
    EXPECT_TRUE(got.ledger.findings.empty());
  }
}

TEST_F(load, a_worker_that_dies_ends_the_run) {
  running_program program(words({"-d", "10m", "--workers", "2"}));
  const auto worker = cli::test::wait_for_child(program.pid(), "rollcall-users", 20s);
  ASSERT_TRUE(worker);
  ASSERT_TRUE(cli::test::wait_for_text(run_ + ".partial/latency.hlog", "Tag=ack", 20s));
  ::kill(*worker, SIGKILL);
  const auto said = program.finish(60s);
  EXPECT_EQ(said.code, 70) << said.out << said.err;
  EXPECT_THAT(result().load->cut_short, HasSubstr("was killed by signal 9"));
}

TEST_F(load, the_workers_go_when_rollcall_is_killed) {
  running_program program(words({"-d", "10m"}));
  const auto worker = cli::test::wait_for_child(program.pid(), "rollcall-users", 20s);
  ASSERT_TRUE(worker);
  program.signal(SIGKILL);
  program.finish();
  EXPECT_TRUE(cli::test::wait_until_gone(*worker, 20s));
}

// Stopped for 100 ms in every second, the generator is a tenth of the time away.
TEST_F(load, a_generator_that_stands_still_is_inconclusive) {
  running_program program(words({"-d", "5s", "--max-late", "3%"}));
  const auto worker = cli::test::wait_for_child(program.pid(), "rollcall-users", 20s);
  ASSERT_TRUE(worker);
  while (cli::test::name_of(*worker) == "rollcall-users") {
    ::kill(*worker, SIGSTOP);
    std::this_thread::sleep_for(100ms);
    ::kill(*worker, SIGCONT);
    std::this_thread::sleep_for(900ms);
  }
  const auto said = program.finish();
  EXPECT_EQ(said.code, 4) << said.out << said.err;
  EXPECT_THAT(said.out, testing::ContainsRegex("INCONCLUSIVE  load .* generator late: [0-9.]+ % of sends"));
}

// A machine that itself stands still for 2 % of the time and more cannot say it, and is asked again.
TEST_F(load, the_same_generator_undisturbed_keeps_up) {
#ifdef __SANITIZE_THREAD__
  GTEST_SKIP() << "ThreadSanitizer alone may make it late";
#endif
  for (int tries = 0; tries < 5; ++tries) {
    std::filesystem::remove_all(run_);
    cli::test::standstill machine;
    const auto said = run_program(words({"-d", "5s", "--max-late", "3%"}));
    const auto stood_still = machine.seen();
    if (said.code == 4 && stood_still > 50ms) continue;
    EXPECT_EQ(said.code, 0) << said.out << said.err;
    return;
  }
  GTEST_SKIP() << "this machine stands still again and again";
}

TEST(load_away, is_refused_without_its_owners_word) {
  const scratch_folder folder;
  const std::string file = folder.path() + "/away.yaml";
  std::ofstream(file) << "schema: 1\nname: away\nbase_url: http://192.0.2.1:80\n"
                         "socket: { url: ws://192.0.2.1:80/ws, kind: websocket }\n"
                         "login: { jwt: { secret: 12345678901234567890123456789012, ttl: 1h } }\n";
  const auto said = run_program({rollcall, "load", "-t", file, "--out", folder.path() + "/run"});
  EXPECT_EQ(said.code, 2);
  EXPECT_THAT(said.err, HasSubstr("allow: { hosts: [192.0.2.1]"));
  EXPECT_EQ(std::ranges::count(said.err, '\n'), 1) << said.err;
  EXPECT_FALSE(std::filesystem::exists(folder.path() + "/run"));
}

}  // namespace

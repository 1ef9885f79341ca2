// A load run against a backend that sends every message to everybody, and attaches a socket late after its ready
// event: by its target file these are exceptions, counted by name; without it they are findings.
#include "conformance/selftest/run_program.hpp"
#include "harness/record/result.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace {

using conformance::selftest::faulty_backend;
using conformance::selftest::run_program;
using conformance::selftest::scratch_folder;
using testing::HasSubstr;

struct told {
  int code = -1;
  record::result result;
  std::string said;
  std::map<std::string, std::uint64_t> counts;
};

struct course {
  std::string registration_delay = "300ms";
  // A loss is proved by a later message on its socket, or by a socket that outlives the patience.
  std::string session = "2s";
};

// What is expected is injected so often that it is seen whatever the dice say: 30 times and more.
told load(const std::vector<std::string>& more_faults, const std::string& delivery, const course& course) {
  std::vector<std::string> flags{
      "--fault", "broadcast", "--fault", "late_registration", "--registration-delay", course.registration_delay};
  flags.insert(flags.end(), more_faults.begin(), more_faults.end());
  const scratch_folder folder;
  const faulty_backend backend(flags);
  // Not fast: how late a generator under a sanitizer is does not matter here.
  const auto ran = run_program(
      {std::string(ROLLCALL_BIN) + "/rollcall",
       "load",
       "--json",
       "-t",
       backend.write_target(folder.path(), "patience: 3s\nfeatures: [ordered_ids, after, keyset]\n" + delivery),
       "--out",
       folder.path() + "/run",
       "-u",
       "130",
       "--workers",
       "2",
       "--rate",
       "80/s",
       "-d",
       "6s",
       "--session",
       course.session,
       "--online",
       "0.8",
       "--seed",
       "5",
       "--min-owed",
       "20",
       "--max-late",
       "90%",
       "--max-lag",
       "5s"},
      {}, std::chrono::seconds(90));
  told out;
  out.code = ran.code;
  const auto read = record::from_json(ran.out);
  EXPECT_TRUE(read.value) << ran.out << ran.err;
  if (read.value) out.result = *read.value;
  out.counts = {out.result.ledger.counts.begin(), out.result.ledger.counts.end()};
  out.said =
      run_program({std::string(ROLLCALL_BIN) + "/rollcall", "report", "--format", "line", folder.path() + "/run"}).out;
  return out;
}

const std::string declares =
    "delivery: { echo: true, to: everyone, warm_up: 500ms }\ndeviations: { ISO-01: clients filter by chat }\n";

TEST(load_exceptions, are_counted_and_named) {
  const auto got = load({}, declares, {});
  EXPECT_EQ(got.code, 0) << got.said;
  EXPECT_TRUE(got.result.ledger.findings.empty());
  EXPECT_GT(got.counts.at("broadcast"), 1'000U);
  EXPECT_GT(got.counts.at("missed_in_warm_up"), 0U);
  ASSERT_EQ(got.result.exceptions.size(), 2U);
  EXPECT_EQ(got.result.exceptions[0].declared, "delivery.to: everyone");
  EXPECT_EQ(got.result.exceptions[0].reason, "clients filter by chat");
  EXPECT_EQ(got.result.exceptions[1].declared, "delivery.warm_up: 500ms");
  EXPECT_THAT(got.said, HasSubstr("by declaration "));
}

TEST(load_exceptions, excuse_no_loss_and_no_duplicate) {
  const auto got =
      load({"--fault", "lose_delivery=0.7@0/2", "--fault", "duplicate=0.2@1/2"}, declares, {.session = "4s"});
  EXPECT_EQ(got.code, 1) << got.said;
  for (const auto& each : got.result.ledger.findings) {
    EXPECT_TRUE(each.kind == "lost" || each.kind == "duplicated") << each.sentence;
  }
  EXPECT_THAT(got.said, HasSubstr(" lost"));
  EXPECT_THAT(got.said, HasSubstr(" duplicated"));
}

TEST(load_exceptions, are_findings_when_nothing_declares_them) {
  const auto got = load({}, "delivery: { echo: true }\n", {.registration_delay = "1s", .session = "4s"});
  EXPECT_EQ(got.code, 1) << got.said;
  EXPECT_THAT(got.said, HasSubstr(" misrouted"));
  EXPECT_THAT(got.said, HasSubstr(" lost"));
  EXPECT_EQ(got.counts.at("broadcast"), 0U);
  EXPECT_TRUE(got.result.exceptions.empty());
}

}  // namespace

// rollcall-cases: one worker of a conformance run. Reads its plan from standard input, runs the cases that GoogleTest's
// filter and sharding leave it, reports them on file descriptor 3.
#include "conformance/cases/case.hpp"
#include "conformance/cases/stage.hpp"
#include "conformance/runner/case_record.hpp"
#include "harness/client/target/load.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <iostream>
#include <iterator>

namespace {

constexpr int records_fd = 3;

/// Says what this worker is going to run once GoogleTest has filtered and sharded.
class announcer : public testing::EmptyTestEventListener {
 public:
  explicit announcer(conformance::stage& on) : on_(on) {}

  void OnTestIterationStart(const testing::UnitTest& all, int) override {
    std::vector<std::string> ids;
    for (int s = 0; s < all.total_test_suite_count(); ++s) {
      const testing::TestSuite* suite = all.GetTestSuite(s);
      for (int t = 0; t < suite->total_test_count(); ++t) {
        const testing::TestInfo* info = suite->GetTestInfo(t);
        if (info->should_run()) ids.push_back(conformance::case_id(suite->name(), info->name()));
      }
    }
    on_.tell(conformance::planned_line(ids));
  }

 private:
  conformance::stage& on_;
};

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  if (testing::GTEST_FLAG(list_tests)) return RUN_ALL_TESTS();
  ::signal(SIGPIPE, SIG_IGN);

  const std::string text{std::istreambuf_iterator<char>(std::cin), {}};
  if (text.empty()) {
    fmt::print(stderr, "rollcall-cases is run by rollcall conform and takes its plan from standard input\n");
    return 2;
  }
  auto plan = conformance::plan_from_json(text);
  const auto target = client::parse_target(plan.target_text, plan.target_name, plan.overrides,
                                           client::process_environment(), plan.printed_users);
  if (!target) {
    fmt::print(stderr, "{}\n", client::to_string(target.error()));
    return 2;
  }
  conformance::stage stage(std::move(plan), std::make_shared<const client::target>(*target), records_fd);
  testing::UnitTest::GetInstance()->listeners().Append(new announcer(stage));  // GoogleTest owns it
  [[maybe_unused]] const int outcome = RUN_ALL_TESTS();                        // verdicts come from the records
  stage.finish();
  stage.tell(conformance::done_line());
  return 0;
}

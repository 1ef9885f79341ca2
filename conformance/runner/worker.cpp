#include "conformance/runner/worker.hpp"

namespace conformance {

namespace {

std::string gtest_filter(const std::vector<std::string>& cases) {
  // GoogleTest names hold no '-' or '[': RT-01 is RT.01, AUTH-02[wrong-key] is AUTH.02_wrong_key.
  std::string filter = "--gtest_filter=";
  for (std::string id : cases) {
    id.replace(id.find('-'), 1, ".");
    for (char& c : id) {
      if (c == '[' || c == '-') c = '_';
    }
    std::erase(id, ']');
    filter += id + ":";
  }
  return filter;
}

::worker::program as_program(const std::filesystem::path& path, const worker_plan& plan,
                             std::chrono::milliseconds silence) {
  return {.path = path,
          .arguments = {gtest_filter(plan.cases), "--gtest_color=no"},
          .variables = {"GTEST_TOTAL_SHARDS=" + std::to_string(plan.shards),
                        "GTEST_SHARD_INDEX=" + std::to_string(plan.shard)},
          .without_variables = "GTEST_",  // the user's own must not change verdicts
          .log_file = plan.log_file,
          .plan = to_json(plan),
          .silence = silence};
}

}  // namespace

worker::worker(boost::asio::io_context& io, worker_plan plan, const std::filesystem::path& program,
               std::chrono::milliseconds silence, listener to)
    : plan_(std::move(plan)),
      to_(std::move(to)),
      process_(io, as_program(program, plan_, silence),
               {.on_line =
                    [this](std::string_view line) {
                      if (const case_record* ended = record_.take(line)) to_.on_case(*ended);
                    },
                .on_end =
                    [this, silence](const ::worker::ending& how) {
                      if (!record_.done) {
                        end_reason_ = how.clause(silence);
                        if (how.signal == 0 && !how.silenced) end_reason_ += " before it was done";
                      }
                      to_.on_exit();
                    }}) {}

}  // namespace conformance

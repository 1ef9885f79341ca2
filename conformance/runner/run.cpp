#include "conformance/runner/run.hpp"

#include "conformance/runner/worker.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <boost/asio/posix/stream_descriptor.hpp>

#include <algorithm>
#include <memory>

namespace conformance {

namespace asio = boost::asio;

namespace {

/// Room for the users, chats and sockets of one worker before the next one's numbers begin.
constexpr std::uint32_t numbers_per_worker = 100'000;

/// Their numbers have two digits in the run ids of their tags.
constexpr std::uint32_t most_workers = 100;

class run_of_cases {
 public:
  explicit run_of_cases(const run_options& options) : options_(options), signals_(io_), limit_(io_) {}
  ~run_of_cases() {
    if (signals_.is_open()) signals_.release();  // it is the caller's
  }

  collected go() {
    watch_signals();
    watch_time();
    std::vector<std::string> together;
    std::vector<std::string> alone;
    for (const auto& id : options_.cases) (find_requirement(id)->exclusive ? alone : together).push_back(id);
    run_round(together, options_.workers);
    for (const auto& id : alone) run_round({id}, 1);
    for (int retry = 0; retry < options_.retries && !stopping(); ++retry) {
      const auto again = options_.inconclusive ? options_.inconclusive(result_) : all_inconclusive();
      if (again.empty()) break;
      run_round(again, 1);
    }
    if (options_.failing && options_.repeats > 0 && !stopping()) repeat(options_.failing(result_));
    for (const auto& id : options_.cases) {
      if (!std::ranges::count(result_.cases, id, &case_record::id)) result_.not_begun.push_back(id);
    }
    return std::move(result_);
  }

 private:
  std::vector<std::string> all_inconclusive() const {
    std::vector<std::string> ids;
    for (const auto& record : result_.cases) {
      if (record.ended && record.inconclusive) ids.push_back(record.id);
    }
    return ids;
  }

  void repeat(const std::vector<std::string>& cases) {
    using clock = std::chrono::steady_clock;
    const auto deadline = clock::now() + options_.repeats_time;
    clock::duration longest{};
    repeating_ = true;
    for (int i = 0; i < options_.repeats && !cases.empty() && !stopping(); ++i) {
      const auto began = clock::now();
      if (began + longest > deadline || started_ + static_cast<unsigned>(options_.workers) > most_workers) break;
      run_round(cases, options_.workers);
      longest = std::max(longest, clock::now() - began);
    }
  }

  bool stopping() const { return result_.reason != cut_short::no; }

  /// Deals the cases to as many workers as asked for and waits for all of them. What a worker's death left over runs in
  /// one more worker, so that one crash costs one case.
  void run_round(std::vector<std::string> cases, int workers) {
    if (cases.empty() || stopping()) return;
    const int shards = std::min<int>(workers, static_cast<int>(cases.size()));
    for (int shard = 0; shard < shards; ++shard) start_worker(cases, shard, shards);
    run_loop();
    // The rounds that follow have users of their own.
    std::size_t most = 0;
    for (const auto& finished : workers_) most = std::max(most, users_of(*finished));
    rows_used_ += static_cast<std::uint32_t>(most) * static_cast<std::uint32_t>(shards);
    for (auto& finished : std::exchange(workers_, {})) {
      keep(*finished);
      if (finished->end_reason().empty()) continue;
      result_.deaths.push_back(fmt::format("a worker {}; see {}", finished->end_reason(), finished->plan().log_file));
      // A worker that died before it said what it had planned would do so again.
      if (!finished->record().planned.empty()) run_round(finished->record().not_begun(), 1);
    }
  }

  static std::size_t users_of(const worker& finished) {
    std::size_t all = 0;
    for (const case_record& each : finished.record().cases) all += each.users.size();
    return all;
  }

  void start_worker(const std::vector<std::string>& cases, int shard, int shards) {
    const std::string name = fmt::format("cases-{}", started_);
    worker_plan plan{.run = fmt::format("{}{:02}", options_.run, started_),
                     .seed = options_.seed,
                     .target_text = options_.target_text,
                     .target_name = options_.target_name,
                     .overrides = options_.overrides,
                     .printed_users = options_.printed_users,
                     .connections = options_.connections,
                     .cases = cases,
                     .trace_file = (options_.traces / (fmt::format("trace-{}.jsonl", started_))).string(),
                     .created_file = options_.created.string(),
                     .log_file = (options_.logs / (name + ".log")).string(),
                     .first_number = numbers_per_worker * started_,
                     .first_row = rows_used_ + static_cast<std::uint32_t>(shard),
                     .row_step = static_cast<std::uint32_t>(shards),
                     .epoch = options_.epoch,
                     .patience = options_.patience,
                     .shard = shard,
                     .shards = shards};
    ++started_;
    // The longest a case may be silent: it waits for one thing at a time, each for at most the patience.
    const auto silence = options_.patience * 6 + std::chrono::seconds(30);
    workers_.push_back(
        std::make_unique<worker>(io_, std::move(plan), options_.program, silence,
                                 worker::listener{.on_case = [this](const case_record& record) { progress(record); },
                                                  .on_exit =
                                                      [this] {
                                                        if (--running_ == 0) io_.stop();
                                                      }}));
    workers_.back()->start();
    ++running_;
  }

  void run_loop() {
    io_.restart();
    io_.run();
  }

  void progress(const case_record& record) {
    finished_.push_back(record.id);
    if (options_.on_case)
      options_.on_case(record, std::min(finished_.size(), options_.cases.size()), options_.cases.size());
  }

  void keep(const worker& finished) {
    result_.trace_files.emplace_back(finished.plan().trace_file);
    std::ranges::copy(finished.record().strays, std::back_inserter(result_.strays));
    const auto& told = finished.record().cases;
    if (repeating_) {
      std::ranges::copy(told, std::back_inserter(result_.repeats));
      return;
    }
    for (const auto& record : told) {
      const auto earlier = std::ranges::find(result_.cases, record.id, &case_record::id);
      if (earlier == result_.cases.end()) {
        result_.cases.push_back(record);
      } else {
        auto users = earlier->users;  // of all attempts: the ledger judges every one of them
        *earlier = record;
        earlier->users.insert(earlier->users.begin(), users.begin(), users.end());
      }
    }
  }

  void watch_signals() {
    if (options_.interrupt_fd < 0) return;
    if (!signals_.is_open()) signals_.assign(options_.interrupt_fd);
    signals_.async_wait(asio::posix::stream_descriptor::wait_read, [this](boost::system::error_code error) {
      signalfd_siginfo caught{};
      if (error || ::read(options_.interrupt_fd, &caught, sizeof caught) != sizeof caught) return;
      const bool again = stopping();
      result_.reason = caught.ssi_signo == SIGINT ? cut_short::interrupted : cut_short::terminated;
      for (auto& each : workers_) again ? each->kill() : each->stop();
      watch_signals();
    });
  }

  void watch_time() {
    if (options_.timeout.count() == 0) return;
    limit_.expires_after(options_.timeout);
    limit_.async_wait([this](boost::system::error_code error) {
      if (error || stopping()) return;
      result_.reason = cut_short::timed_out;
      for (auto& each : workers_) each->stop();
    });
  }

  const run_options& options_;
  asio::io_context io_{1};
  asio::posix::stream_descriptor signals_;
  asio::steady_timer limit_;
  std::vector<std::unique_ptr<worker>> workers_;
  std::vector<std::string> finished_;
  collected result_;
  std::uint32_t started_ = 0;
  std::uint32_t rows_used_ = 0;  ///< of the target file's users, by the rounds so far
  int running_ = 0;
  bool repeating_ = false;
};

}  // namespace

collected run_cases(const run_options& options) {
  return run_of_cases(options).go();
}

}  // namespace conformance

#include "loadgen/run/run.hpp"

#include "harness/worker/process.hpp"
#include "loadgen/plan/population.hpp"
#include "loadgen/run/processor_time.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <deque>
#include <memory>
#include <utility>

namespace loadgen {

namespace asio = boost::asio;
using clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

namespace {

class load_run {
 public:
  explicit load_run(const run_options& options) : options_(options), signals_(io_), limit_(io_), end_(io_) {}
  ~load_run() {
    if (signals_.is_open()) signals_.release();  // it is the caller's
  }

  collected go() {
    watch_signals();
    if (options_.timeout.count() > 0) {
      limit_.expires_after(options_.timeout);
      limit_.async_wait([this](boost::system::error_code error) {
        if (!error) stop(cut_short::timed_out);
      });
    }
    start_workers();
    io_.run();
    return std::move(out_);
  }

 private:
  struct member {
    std::unique_ptr<worker::process> process;
    phase_report phase;
    bool ready = false;
    bool done = false;            // told everything
    bool over = false;            // tells nothing more
    std::uint64_t intervals = 0;  // reported so far
  };

  void start_workers() {
    const auto cells = static_cast<std::uint32_t>(make_cells(options_.plan.users).size());
    const std::uint32_t count = std::clamp(options_.workers, 1U, cells);
    members_.resize(count);
    running_ = count;
    for (std::uint32_t number = 0; number < count; ++number) {
      worker_plan plan = options_.plan;
      plan.number = number;
      plan.first_cell = cells * number / count;
      plan.cells = cells * (number + 1) / count - plan.first_cell;
      plan.connects_per_second /= count;
      plan.requests_per_second /= count;
      worker::program program{.path = options_.program,
                              .log_file = (options_.logs / fmt::format("users-{}.log", number)).string(),
                              .plan = to_json(plan) + "\n",
                              .ends_input = false,
                              .silence = 4 * plan.patience + 30s};
      member& made = members_[number];
      made.process = std::make_unique<worker::process>(
          io_, std::move(program),
          worker::process::listener{.on_line = [this, &made](std::string_view line) { on_line(made, line); },
                                    .on_end = [this, &made](const worker::ending& how) { on_end(made, how); }});
      made.process->start();
    }
  }

  void on_line(member& of, std::string_view line) {
    report said = read_line(line);
    if (auto* phase = std::get_if<phase_report>(&said)) {
      of.phase = std::move(*phase);
      show_phase();
    } else if (auto* ready = std::get_if<ready_report>(&said)) {
      of.ready = true;
      out_.online += ready->online;
      if (std::ranges::all_of(members_, &member::ready)) begin();
    } else if (auto* failed = std::get_if<failed_report>(&said)) {
      if (out_.failed.empty()) out_.failed = std::move(failed->reason);
    } else if (auto* interval = std::get_if<interval_report>(&said)) {
      take(of, std::move(*interval));
    } else if (auto* final = std::get_if<final_report>(&said)) {
      of.done = true;
      of.over = true;
      sums_.add(*final);
      show_whole_intervals();
    }
  }

  void on_end(member& of, const worker::ending& how) {
    of.over = true;
    show_whole_intervals();
    if (!of.done && out_.failed.empty() && out_.reason == cut_short::no) {
      out_.deaths.push_back(fmt::format("a worker {} before it was done; see {}",
                                        how.clause(of.process->what().silence), of.process->what().log_file));
    }
    // Without one of its workers the run is over, and so is its plan.
    if (!of.done) stop_all();
    if (--running_ > 0) return;
    if (std::ranges::all_of(members_, &member::done)) out_.sums = std::move(sums_);
    signals_.cancel();
    limit_.cancel();
    end_.cancel();
  }

  void begin() {
    if (out_.reason != cut_short::no) return;
    out_.started = true;
    began_ = clock::now() + 200ms;
    for (const auto& each : members_) each.process->tell(start_line(began_.time_since_epoch()));
    cores_.cores_busy();
    end_.expires_at(began_ + options_.plan.duration);
    end_.async_wait([this](boost::system::error_code error) {
      if (!error) sending_is_over();
    });
  }

  void sending_is_over() {
    if (!out_.started || out_.seconds > 0) return;
    out_.cores_busy = cores_.cores_busy();
    out_.seconds = std::max(0.0, std::chrono::duration<double>(clock::now() - began_).count());
  }

  // Adds up interval by interval; one is whole when every worker has reported it (or is through).
  void take(member& of, interval_report interval) {
    of.intervals = interval.number + 1;
    while (first_ + pending_.size() <= interval.number) pending_.push_back({.number = first_ + pending_.size()});
    pending_[interval.number - first_].add(interval);
    show_whole_intervals();
  }

  void show_whole_intervals() {
    while (!pending_.empty() &&
           std::ranges::all_of(members_, [&](const member& m) { return m.over || m.intervals > first_; })) {
      show_interval();
    }
  }

  void show_interval() {
    const interval_report whole = std::move(pending_.front());
    pending_.pop_front();
    ++first_;
    if (options_.on_interval) options_.on_interval(whole);
    if (options_.on_progress) {
      const auto elapsed = static_cast<std::uint64_t>(first_);
      const auto all = static_cast<std::uint64_t>(options_.plan.duration / 1s);
      const bool sending = elapsed <= all && out_.reason == cut_short::no;
      options_.on_progress({.phase = sending ? "load" : "draining", .done = elapsed, .of = all, .interval = whole});
    }
  }

  void show_phase() {
    if (!options_.on_progress) return;
    load_progress shown;
    for (const auto& each : members_) {
      if (each.phase.phase.empty()) continue;
      if (shown.phase.empty()) shown.phase = each.phase.phase;
      shown.done += each.phase.done;
      shown.of += each.phase.of;
    }
    options_.on_progress(shown);
  }

  void stop(cut_short reason) {
    const bool again = out_.reason != cut_short::no;
    if (!again) {
      out_.reason = reason;
      sending_is_over();
      end_.cancel();
    }
    if (again || !out_.started) {
      for (const auto& each : members_) each.process->kill();
    } else {
      stop_all();
    }
  }

  void stop_all() {
    for (const auto& each : members_) each.process->tell(stop_line());
  }

  void watch_signals() {
    if (options_.interrupt_fd < 0) return;
    if (!signals_.is_open()) signals_.assign(options_.interrupt_fd);
    signals_.async_wait(asio::posix::stream_descriptor::wait_read, [this](boost::system::error_code error) {
      signalfd_siginfo caught{};
      if (error || ::read(options_.interrupt_fd, &caught, sizeof caught) != sizeof caught) return;
      stop(caught.ssi_signo == SIGINT ? cut_short::interrupted : cut_short::terminated);
      watch_signals();
    });
  }

  const run_options& options_;
  asio::io_context io_{1};
  asio::posix::stream_descriptor signals_;
  asio::steady_timer limit_;
  asio::steady_timer end_;
  std::vector<member> members_;
  std::size_t running_ = 0;
  std::deque<interval_report> pending_;
  std::uint64_t first_ = 0;  // number of pending_.front()
  final_report sums_;
  clock::time_point began_;
  processor_time cores_;
  collected out_;
};

}  // namespace

collected run_load(const run_options& options) {
  return load_run(options).go();
}

}  // namespace loadgen

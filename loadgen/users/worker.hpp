// One worker of a load run: the users of its cells, from their chats to the last line of its report. Straight-line
// code over the event loop; one thread. Owned by rollcall-users' main.
#pragma once

#include "harness/ledger/live/live_ledger.hpp"
#include "loadgen/plan/population.hpp"
#include "loadgen/plan/schedule.hpp"
#include "loadgen/users/crowd.hpp"
#include "loadgen/users/report_lines.hpp"
#include "loadgen/users/simulated_user.hpp"
#include "loadgen/users/tally.hpp"
#include "loadgen/users/worker_plan.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/streambuf.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace loadgen {

class worker {
 public:
  // commands_fd: where the runner's lines come from; reports_fd: where ours go. Both stay the caller's.
  worker(worker_plan plan, std::shared_ptr<const client::target> target, int commands_fd, int reports_fd);
  ~worker();
  worker(const worker&) = delete;
  worker& operator=(const worker&) = delete;

  // The whole run. False when the target made it impossible; the reason has been reported.
  bool run();

 private:
  bool log_in_all();
  bool make_chats();
  void connect_first();
  bool wait_for_start();
  void go();
  void drain();
  void leave_all();
  void read_histories();
  void finish();

  // Turns the loop until the condition holds (true), the time is over or the run was stopped; tells the ledger when
  // everything that had arrived was read.
  bool turn_until(const std::function<bool()>& condition, client::time_point limit);
  void read_commands();
  void arm_pacer();
  void fire(client::time_point now);
  void tick();
  void report_intervals(client::time_point now);
  void tell(const report& value);
  simulated_user& user(std::uint32_t number) { return *users_[number - first_user_]; }

  worker_plan plan_;
  std::shared_ptr<const client::target> target_;
  int reports_fd_;
  client::asio::io_context io_{1};
  client::asio::posix::basic_stream_descriptor<client::executor> commands_;
  client::asio::streambuf command_text_;
  ledger::rules rules_;
  std::vector<cell> cells_;  // this worker's
  std::uint32_t first_user_ = 0;
  schedule schedule_;
  std::unique_ptr<ledger::live_ledger> ledger_;
  tally tally_;
  std::unique_ptr<crowd> crowd_;
  std::vector<std::unique_ptr<simulated_user>> users_;
  client::timer pacer_;
  client::timer ticker_;
  client::time_point next_settled_;
  std::optional<client::time_point> start_;
  client::time_point end_;  // of sending
  bool stopped_ = false;    // by the runner, or because the runner is gone
  std::string cut_short_;
};

}  // namespace loadgen

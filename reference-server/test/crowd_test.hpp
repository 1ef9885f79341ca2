// Users under load, for tests that break parts of the server beneath them. Each pair has a sender that POSTs one
// message after another and a recipient that lives by the client rule: it keeps a socket open, comes back whenever it
// ends, and after each `ready` reads its chat after the highest id that history has given it. Everything is written
// into a trace, which the ledger judges at the end.
//
// Owned by a test; the users live on a thread of the crowd's own, so that the test may block. Every wait ends.
#pragma once

#include "harness/client/target/target.hpp"
#include "harness/client/user/user.hpp"
#include "harness/ledger/rules.hpp"
#include "harness/ledger/trace.hpp"
#include "harness/ledger/verdict.hpp"

#include <boost/asio/executor_work_guard.hpp>

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace fault_test {

// How often a test breaks what it breaks: ROLLCALL_ROUNDS, otherwise what it asks for itself.
int rounds(int otherwise);

struct pair_options {
  std::vector<std::string> through;    // base URLs of the api processes that the sender takes in turn
  std::string socket;                  // where the recipient connects
  std::chrono::milliseconds pace{10};  // from an answer to the next POST
};

// How a recipient's socket ended.
struct ending {
  client::time_point at;
  std::uint16_t code = 0;  // 0: without a close frame
};

// What the crowd went through, as far as a test can be wrong about it.
struct judged {
  ledger::verdict verdict;
  std::vector<std::string> findings;  // one sentence each; those of frames only when `frames` was asked for
  std::vector<std::string> missed;    // acknowledged, and neither history by the client rule nor a socket had it
};

class crowd {
 public:
  crowd(const std::string& secret, std::string run, const std::vector<pair_options>& pairs);
  ~crowd();
  crowd(const crowd&) = delete;
  crowd& operator=(const crowd&) = delete;

  // The next acknowledgement: its time, at once.
  client::time_point next_acknowledgement();

  // Until each of these pairs (all when none is named) has had a message, POSTed from here on, acknowledged and on its
  // recipient's socket. False after `limit`.
  bool until_it_works(const std::vector<std::size_t>& pairs = {},
                      std::chrono::seconds limit = std::chrono::seconds(60));

  void stop_sending(std::size_t pair);
  void go_on_sending(std::size_t pair);

  std::vector<ending> endings(std::size_t pair);  // of the recipient's sockets so far
  std::size_t acknowledged(std::size_t pair);     // messages so far
  std::size_t refused(std::size_t pair);          // POSTs with 503 so far
  // From POST to answer, of the acknowledgements of these pairs since the last call, ascending.
  std::vector<std::chrono::nanoseconds> latencies(const std::vector<std::size_t>& pairs);
  // The longest time for which this process did not get on since the last call.
  std::chrono::nanoseconds stood_still();

  // Stops sending, waits for what is due (at most ten seconds after the last acknowledgement), reads every history
  // whole, and judges. `frames`: also what is or is not on sockets; false where two faults at once may lose frames.
  judged finish(bool frames = true);

 private:
  struct member;
  using loop = boost::asio::io_context;

  void in_loop(const std::function<void()>& what);
  bool wait_until(const std::function<bool()>& holds, std::chrono::seconds limit);
  ledger::instant at(client::time_point when) const { return when - began_; }
  ledger::instant now() const { return at(client::clock::now()); }
  void create_chat(member& of);
  void send(member& from);
  void answered(member& from, ledger::message_id message, client::time_point sent,
                const client::reply<client::message>&);
  void connect(member& whose);
  void catch_up(member& whose);
  void ended(member& whose, const client::websocket::end& how);
  void tick();

  client::time_point began_ = client::clock::now();
  std::shared_ptr<client::target> target_;
  loop io_{1};
  boost::asio::executor_work_guard<loop::executor_type> work_{io_.get_executor()};
  ledger::trace trace_;
  std::vector<std::unique_ptr<member>> members_;
  std::optional<std::promise<client::time_point>> awaited_ack_;
  client::timer ticker_{io_.get_executor()};
  client::time_point last_tick_;
  std::chrono::nanoseconds longest_gap_{0};
  bool finishing_ = false;
  std::thread thread_;
};

}  // namespace fault_test

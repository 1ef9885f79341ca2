// The whole backend put together: the listening socket, the parts behind it, the 100 ms clock and the orderly end.
// Owned by main, one thread.
#pragma once

#include "conformance/selftest/faulty/benign.hpp"
#include "conformance/selftest/faulty/commit_queue.hpp"
#include "conformance/selftest/faulty/publish_queue.hpp"
#include "conformance/selftest/faulty/rest.hpp"
#include "conformance/selftest/faulty/router.hpp"
#include "conformance/selftest/faulty/sessions.hpp"
#include "conformance/selftest/faulty/store.hpp"
#include "conformance/selftest/faulty/token.hpp"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace faulty {

using Executor = boost::asio::io_context::executor_type;
using TcpSocket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, Executor>;

struct Settings {
  std::string secret;
  bool dev_login = false;
  std::vector<std::string> origins;
  std::chrono::microseconds commit_delay{2000};
  std::chrono::milliseconds registration_delay{20};  // of late_registration
  std::chrono::milliseconds ping_interval{25000};
  std::chrono::milliseconds ping_timeout{20000};
  Benign benign;
};

class Server {
 public:
  Server(boost::asio::io_context& io, Settings settings, Faults& faults);

  // Binds and accepts from now on. Throws boost::system::system_error.
  boost::asio::ip::tcp::endpoint listen(const boost::asio::ip::tcp::endpoint& endpoint);

  // Accepts nothing more, finishes what was accepted, says good-bye to every socket, and stops the io_context, at the
  // latest after 3 s.
  void stop();

  boost::asio::io_context& io;
  const Settings settings;
  Faults& faults;
  TokenCheck tokens;
  Store store;
  Router router;
  PublishQueue publications;
  CommitQueue commits;
  Rest rest;
  Sessions sessions;
  bool stopping = false;

 private:
  using Clock = std::chrono::steady_clock;

  void accept();
  void tick();
  void continue_stop(Clock::time_point now);

  boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, Executor> acceptor_;
  boost::asio::basic_waitable_timer<Clock, boost::asio::wait_traits<Clock>, Executor> clock_;
  bool accepting_ = false;
  bool said_goodbye_ = false;
  Clock::time_point stop_deadline_;
};

}  // namespace faulty

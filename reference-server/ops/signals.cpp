#include "reference-server/ops/signals.hpp"

#include <csignal>
#include <cstdlib>
#include <utility>

namespace ops {

stop_signals::stop_signals(boost::asio::io_context& io, std::function<void()> on_stop)
    : signals_(io.get_executor(), SIGTERM, SIGINT), on_stop_(std::move(on_stop)) {
  std::signal(SIGPIPE, SIG_IGN);
  wait();
}

void stop_signals::cancel() {
  signals_.cancel();
}

void stop_signals::wait() {
  signals_.async_wait([this](const boost::system::error_code& failed, int signal) {
    if (failed) {
      return;
    }
    if (asked_) {
      std::_Exit(128 + signal);
    }
    asked_ = true;
    wait();
    on_stop_();
  });
}

}  // namespace ops

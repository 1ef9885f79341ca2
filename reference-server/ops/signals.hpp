// SIGTERM and SIGINT as one call on the loop's thread; SIGPIPE is ignored from construction on.
// Owned by main, lives as long as the io_context runs. The first signal asks for an orderly stop; a second one ends the
// process at once.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <functional>

namespace ops {

class stop_signals {
 public:
  stop_signals(boost::asio::io_context& io, std::function<void()> on_stop);

  // Stops listening for signals, so that the io_context may run out of work.
  void cancel();

 private:
  void wait();

  boost::asio::basic_signal_set<boost::asio::io_context::executor_type> signals_;
  std::function<void()> on_stop_;
  bool asked_ = false;
};

}  // namespace ops

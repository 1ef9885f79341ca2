// Between the store and the router: a message published in one turn of the loop is routed in a later one, in order.
// Owned by main, one thread. A publication has a position in the stream, so that a socket can be attached at one.
#pragma once

#include "conformance/selftest/faulty/faults.hpp"
#include "conformance/selftest/faulty/router.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace faulty {

class PublishQueue {
 public:
  PublishQueue(boost::asio::io_context& io, Router& router, Faults& faults)
      : io_(io), router_(router), faults_(faults) {}

  void publish(MessagePtr message);

  // Calls back once all that was published before has been routed.
  void when_routed(std::function<void()> done);

  bool idle() const { return waiting_.empty() && held_.empty(); }

  // The position of the last publication.
  std::uint64_t position() const { return position_; }

  // Gives up waiting for what would overtake; to be called about every 100 ms.
  void tick(std::chrono::steady_clock::time_point now);

 private:
  struct Held {
    Publication publication;
    std::chrono::steady_clock::time_point since;
  };
  using Lane = std::pair<std::int64_t, std::string>;  // chat, recipient

  void schedule();
  void drain();
  void pass_on(const Publication& publication);
  // Holds the publication back, or lets it pass the one that is held; false when the order is left as it is.
  bool overtake(const Publication& publication);

  boost::asio::io_context& io_;
  Router& router_;
  Faults& faults_;
  std::deque<Publication> waiting_;
  std::vector<std::function<void()>> watchers_;
  std::map<Lane, Held> held_;  // filled only by the reorder fault
  std::uint64_t position_ = 0;
  bool scheduled_ = false;
};

}  // namespace faulty

// The write path. Posts that arrive while a batch is in flight form the next batch; a batch is inserted (ids and times
// are given out), committed after the commit delay (now it can be read), published, and answered when it was routed.
// One batch at a time, so ids, commits and publications have one order. Owned by main, one thread.
#pragma once

#include "conformance/selftest/faulty/publish_queue.hpp"
#include "conformance/selftest/faulty/store.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

namespace faulty {

struct Post {
  std::int64_t chat;
  std::string sender, recipient, body;
  std::string key;  // idempotency key, empty when there is none
  // Two ways in which a message can go wrong: it is stored and nobody hears of it, or heard of and not stored.
  enum class Fate { whole, stored_only, published_only } fate = Fate::whole;
};

struct Posted {
  enum class Outcome { created, repeated, key_reused, queue_full } outcome;
  MessagePtr message;  // null for the last two
};

class CommitQueue {
 public:
  using Reply = std::function<void(const Posted&)>;

  CommitQueue(boost::asio::io_context& io, std::chrono::microseconds delay, Store& store, PublishQueue& publish,
              Faults& faults)
      : timer_(io), delay_(delay), store_(store), publish_(publish), faults_(faults) {}

  // Calls `reply` once: at once when the queue is full, else after the batch was routed.
  void post(Post post, Reply reply);

  bool idle() const { return !in_flight_ && waiting_.empty(); }

 private:
  struct Entry {
    Post post;
    Reply reply;
    Posted result{};
    bool published = false;
    Post::Fate fate = Post::Fate::whole;
  };

  void begin();
  void insert(Entry& entry);
  void commit();
  // What the batch has to publish, in order.
  std::vector<MessagePtr> unpublished();
  void answer();

  boost::asio::basic_waitable_timer<std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>,
                                    boost::asio::io_context::executor_type>
      timer_;
  std::chrono::microseconds delay_;
  Store& store_;
  PublishQueue& publish_;
  Faults& faults_;
  std::vector<Entry> waiting_, batch_;
  std::unordered_map<std::string, MessagePtr> keys_;  // chat, sender and key -> the first message
  std::int64_t last_id_ = 0;
  std::int64_t last_us_ = 0;
  bool in_flight_ = false;
};

}  // namespace faulty

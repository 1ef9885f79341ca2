// Carries POSTs into the database and onto Redis: the one writer connection, one batch at a time. Decisions are the
// write_queue's, this class brings them to libpq and the publisher. Owned by the application, on its thread.
//
// The heart of the order promise: from the moment a batch's pipeline is sent until Redis has answered all its PUBLISHes
// (or that link was given up), nothing of the next batch is sent.
#pragma once

#include "reference-server/api/batch_statements.hpp"
#include "reference-server/api/postgres_link.hpp"
#include "reference-server/api/publisher.hpp"
#include "reference-server/api/write_queue.hpp"

#include <prometheus/histogram.h>

#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace api {

// How a POST ended.
struct post_outcome {
  enum class kind {
    stored,      // committed, and its publish answered or given up
    key_known,   // the key's first message, same body: nothing was stored
    key_reused,  // the key's first message has another body
    absent,      // no such chat of this sender
    busy,        // certainly not stored: the chat's lock was not had for 1 s
    refused,     // certainly not stored: no connection, or the database refused the row
    unknown      // the connection was lost after the commit was asked for
  };
  kind what = kind::refused;
  std::int64_t message = 0;  // stored, key_known: its id
  std::string json;          // stored, key_known: the Message
};

class post_owner {
 public:
  // Once for each ticket that submit() took.
  virtual void on_post(std::uint64_t ticket, post_outcome outcome) = 0;

 protected:
  ~post_owner() = default;
};

class writer final : private postgres_listener {
 public:
  struct counters {
    std::uint64_t batches = 0;  // sent
    std::uint64_t commits = 0;
    std::uint64_t stored = 0;
    std::uint64_t lock_waits = 0;  // chats whose lock was waited for
    std::uint64_t lock_timeouts = 0;
    std::uint64_t failed_batches = 0;
    std::uint64_t unknown = 0;
    prometheus::Histogram rows{{1, 2, 4, 8, 16, 32, 64, 128, 256}};                              // of a batch
    prometheus::Histogram commit_seconds{{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 1, 5}};  // sent to committed
    prometheus::Histogram publish_seconds{{0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25}};
  };

  writer(boost::asio::io_context& io, const std::string& conninfo, const std::string& application_name,
         redis::address redis, post_owner& owner, std::function<void(std::string_view)> on_unusable);

  void start();
  void stop();
  bool up() const { return link_.up(); }
  const publisher& published() const { return publisher_; }
  const counters& counted() const { return counted_; }
  std::size_t waiting() const { return queue_.waiting(); }

  // False, and no on_post comes, when there is no connection or the queue is full.
  bool submit(post asked);

 private:
  void on_up() override;
  void on_down(std::string_view why) override;
  void on_group(std::uint64_t token, group_result answer) override;
  void on_unusable(std::string_view why) override { on_unusable_(why); }

  void pump_later();
  void pump();
  void committed(const group_result& answer);
  void failed(const group_result::failure_of& failure);
  void batch_over();
  void give_up(std::vector<post> rows, post_outcome::kind what);

  boost::asio::io_context& io_;
  post_owner& owner_;
  std::function<void(std::string_view)> on_unusable_;
  postgres_link link_;
  publisher publisher_;
  write_queue queue_;
  batch_statements sent_;
  steady_clock::time_point since_;                              // the batch was sent, or committed
  std::vector<std::pair<std::uint64_t, post_outcome>> stored_;  // committed, waiting for Redis
  bool publishing_ = false;
  bool pump_posted_ = false;
  steady_timer wake_;
  counters counted_;
};

}  // namespace api

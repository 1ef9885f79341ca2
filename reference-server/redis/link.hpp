// A connection to Redis that mends itself: carries bytes between a socket and a protocol, and the outcome to its owner.
// Owned by one process part (the api's publisher, the gateway's subscriptions), on the thread of its io_context; it
// must outlive no handler: call stop() and let the context run out before destroying it.
//
// Promises: everything appended in one turn of the loop goes out in one write; what had already arrived is read before
// any deadline is judged; after a loss on_down comes once, before anything of a new connection; the next try starts
// 100 ms later, growing to 1 s.
#pragma once

#include "reference-server/redis/address.hpp"
#include "reference-server/redis/backoff.hpp"
#include "reference-server/redis/protocol.hpp"

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace redis {

class link_listener : public listener {
 public:
  // Connected, and CLIENT ID answered: commands may be appended from here on.
  virtual void on_up() = 0;
  // The connection is gone. Commands without an answer get none; what was appended and not written is dropped.
  // Comes only after on_up. Called with no other callback on the stack.
  virtual void on_down(std::string_view why) = 0;
  // A try to connect failed; the next one follows. For the log.
  virtual void on_failed_try(std::string_view) {}

 protected:
  ~link_listener() = default;
};

class link {
 public:
  using executor = boost::asio::io_context::executor_type;

  link(boost::asio::io_context& context, address where, const limits& limits, link_listener& owner);
  ~link();
  link(const link&) = delete;
  link& operator=(const link&) = delete;

  void start();  // begins to connect; returns at once
  // Closes without on_down and for good. Safe inside callbacks.
  void stop();

  const address& where() const { return where_; }
  bool up() const { return up_; }
  // Redis' id of the present connection, or of the last one while there is none; 0 before the first.
  std::int64_t client_id() const { return client_id_; }
  // Which life of which Redis gave that id: another one counts anew. Empty when Redis does not say.
  const std::string& run_id() const { return run_id_; }
  // Why the last try to connect or the last connection failed; empty at first.
  const std::string& last_error() const { return last_error_; }
  std::size_t unanswered() const;  // commands waiting for their answer

  // Each of these needs up(); token must be below 2^63.
  void command(std::uint64_t token, std::span<const std::string_view> words);
  void command(std::uint64_t token, std::initializer_list<std::string_view> words);
  void subscribe(std::uint64_t token, std::string_view channel, pubsub kind = pubsub::plain);
  void unsubscribe(std::uint64_t token, std::string_view channel, pubsub kind = pubsub::plain);

  // Treat the connection as lost, for a reason the owner saw (an error answer, say). on_down follows in a later turn.
  void give_up(std::string_view why);

 private:
  using socket = boost::asio::basic_stream_socket<boost::asio::generic::stream_protocol, executor>;
  using timer = boost::asio::basic_waitable_timer<clock, boost::asio::wait_traits<clock>, executor>;
  struct connection;  // one socket with its conversation; kept alive by its own handlers

  void connect();
  void met(std::string_view info);
  void retry();
  void appended();
  void lose(const std::shared_ptr<connection>& which, std::string_view why);

  boost::asio::io_context& context_;
  address where_;
  limits limits_;
  link_listener& owner_;
  backoff backoff_;
  timer retry_timer_;
  std::shared_ptr<connection> current_;
  bool up_ = false;
  bool stopped_ = false;
  std::int64_t client_id_ = 0;
  std::string run_id_;
  std::string last_error_;
};

}  // namespace redis

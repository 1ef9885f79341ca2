// A connection to PostgreSQL in pipeline mode that mends itself: groups of prepared statements in, their results out.
// Owned by the writer or by a reader, on the thread of its io_context; call stop() and let the context run out before
// destroying it.
//
// Promises: a group is one transaction (one Sync) and is answered in its place of the stream, as a whole but for
// results that the owner takes before; what was sent in one turn of the loop goes out together; each new connection
// first makes or checks the schema, then prepares its statements; the deadline (no byte for 5 s while a group waits) is
// judged only after all that had arrived was read; after a loss on_down comes once, and the next try starts 100 ms
// later, growing to 1 s. No group is ever sent twice.
#pragma once

#include "reference-server/api/postgres_group.hpp"
#include "reference-server/api/postgres_session.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace api {

class postgres_listener {
 public:
  virtual void on_up() = 0;  // groups may be sent from here on
  // A statement's rows, before its group has ended: true when they were taken, false leaves them to on_group.
  virtual bool on_result(std::uint64_t /*token*/, result& /*answered*/) { return false; }
  virtual void on_group(std::uint64_t token, group_result answer) = 0;
  // The connection is gone; groups without an answer get none, and whether they were committed is unknown.
  virtual void on_down(std::string_view why) = 0;
  // The database cannot be used at all (unknown schema version); the link has stopped.
  virtual void on_unusable(std::string_view why) = 0;

 protected:
  ~postgres_listener() = default;
};

class postgres_link final : private session_owner {
 public:
  postgres_link(boost::asio::io_context& io, postgres_settings settings, postgres_listener& owner);
  ~postgres_link();
  postgres_link(const postgres_link&) = delete;
  postgres_link& operator=(const postgres_link&) = delete;

  void start();
  void stop();  // for good, without on_down

  bool up() const { return up_; }
  const std::string& last_error() const { return last_error_; }
  std::size_t unanswered() const;  // groups

  // Both need up(). Statements are added one by one; close() ends their group.
  void add(const statement& one);
  void close(std::uint64_t token);

 private:
  void connect();
  void session_up() override;
  bool session_result(std::uint64_t token, result& answered) override;
  void session_group(std::uint64_t token, group_result answer) override;
  void session_lost(std::string_view why) override;
  void session_unusable(std::string_view why) override;

  boost::asio::io_context& io_;
  postgres_settings settings_;
  postgres_listener& owner_;
  steady_timer retry_timer_;
  std::chrono::milliseconds wait_;
  std::shared_ptr<postgres_session> current_;
  std::string last_error_;
  bool up_ = false;
  bool stopped_ = false;
};

}  // namespace api

// One physical connection to PostgreSQL: its handshake, its set-up, its pipeline. Part of a postgres_link, which makes
// a new one after each loss; kept alive by its own handlers, silent from abandon() on.
#pragma once

#include "reference-server/api/postgres_group.hpp"

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace api {

using steady_clock = std::chrono::steady_clock;
using steady_timer = boost::asio::basic_waitable_timer<steady_clock, boost::asio::wait_traits<steady_clock>,
                                                       boost::asio::io_context::executor_type>;

class session_owner {
 public:
  virtual void session_up() = 0;
  virtual bool session_result(std::uint64_t token, result& answered) = 0;  // false: kept for the group's answer
  virtual void session_group(std::uint64_t token, group_result answer) = 0;
  virtual void session_lost(std::string_view why) = 0;
  virtual void session_unusable(std::string_view why) = 0;

 protected:
  ~session_owner() = default;
};

class postgres_session final : public std::enable_shared_from_this<postgres_session> {
 public:
  postgres_session(boost::asio::io_context& io, const postgres_settings& settings, session_owner& owner);
  ~postgres_session();

  void open();
  void abandon();                   // nothing reaches the owner any more
  void add(const statement& one);   // to the group that the next close() ends
  void close(std::uint64_t token);  // one Sync
  std::size_t unanswered() const { return groups_.size(); }

 private:
  struct open_group {
    std::uint64_t token;
    group_result answer;
  };

  using descriptor = boost::asio::posix::basic_stream_descriptor<boost::asio::io_context::executor_type>;

  void wait_to_poll(descriptor::wait_type what);
  void poll_connect();
  void set_up();
  void set_up_answered(const group_result& answer);
  void flush_later();
  void flush();
  void wait_readable();
  bool read_available();
  bool take(result answered);
  void tick();
  void judge();
  void lose(std::string_view why);
  std::string error_text() const;

  const postgres_settings& settings_;
  session_owner* owner_;
  PGconn* connection_ = nullptr;
  descriptor descriptor_;
  steady_timer ticker_;
  std::deque<open_group> groups_;
  std::vector<const char*> values_;  // of the statement being added
  steady_clock::time_point last_progress_;
  bool ready_ = false;  // set up: groups of the owner may come
  bool flush_posted_ = false;
  bool waiting_writable_ = false;
};

}  // namespace api

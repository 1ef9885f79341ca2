// What the tests of the api's processes stand on: a private stack, a plain blocking HTTP client, the database and Redis
// from the side. Each test has its own stack; each wait ends in ten seconds with an exception, which fails the test.
#pragma once

#include "harness/stack/stack.hpp"
#include "reference-server/token/token.hpp"

#include <libpq-fe.h>

#include <boost/json/value.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace api_test {

// Polls until it holds; throws after ten seconds, naming what was waited for.
void wait_until(const std::string& what, const std::function<bool()>& holds);

struct answer {
  int status = 0;
  std::string head;  // status line and header fields
  std::string body;
  boost::json::value json() const;
  std::int64_t id() const;  // of the resource in the body
};

// The value of a field in a head; "" when it is not there.
std::string field(const std::string& head, const std::string& name);

// The statuses of all answers in what a server said.
std::vector<int> statuses(const std::string& said);

// One keep-alive connection to an api process, as one user. Used by one thread.
class client {
 public:
  client(const std::string& base_url, const std::string& token);
  ~client();
  client(const client&) = delete;
  client& operator=(const client&) = delete;

  answer get(const std::string& path);
  answer post(const std::string& path, const std::string& json, const std::string& more_fields = {});
  answer send(std::int64_t chat, const std::string& body);
  // All message ids from `after` on, following `next` to the end.
  std::vector<std::int64_t> history(std::int64_t chat, std::int64_t after);
  answer ask(const std::string& method, const std::string& path, const std::string& more, const std::string& body);

  // Writes these bytes as they are, on a new connection, and reads until `end` has come or the server closes; throws
  // when the connection is reset or nothing comes for ten seconds.
  std::string talk(const std::string& bytes, const std::string& end = {});
  // "Authorization: Bearer …" with its line end.
  std::string credential() const { return "Authorization: Bearer " + token_ + "\r\n"; }

 private:
  void connect();
  std::string receive();

  std::string address_;
  std::string token_;
  int socket_ = -1;
};

// A connection to the private PostgreSQL.
class database {
 public:
  explicit database(const std::string& conninfo);
  ~database() { PQfinish(connection_); }
  database(const database&) = delete;
  database& operator=(const database&) = delete;
  std::string run(const std::string& sql);  // the first value of the first row, or ""; throws on an error

 private:
  PGconn* connection_;
};

// Collects, in a thread of its own, the ids of the messages published on one channel.
class subscriber {
 public:
  subscriber(const std::filesystem::path& redis, const std::string& channel);
  ~subscriber();
  std::vector<std::int64_t> ids() const;
  std::vector<std::string> others() const;  // payloads that are no messages

 private:
  void run(const std::filesystem::path& redis, const std::string& channel);

  mutable std::mutex mutex_;
  std::vector<std::int64_t> ids_;
  std::vector<std::string> others_;
  std::atomic<bool> subscribed_ = false;
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

// A stack of `apis` api processes and no gateway, or another one with PostgreSQL and Redis.
class environment {
 public:
  explicit environment(::stack::options wanted);
  explicit environment(int apis, const std::string& postgres_suffix = {}, std::vector<std::string> api_flags = {});

  // Connected to that api process itself, also where a balancer stands before it.
  std::unique_ptr<client> as(const std::string& user, int api = 1) const;
  std::int64_t create_chat(const std::string& one, const std::string& other) const;
  database sql() const { return database(stack->postgres_conninfo()); }
  std::string metric(const std::string& name, int api = 1) const;
  // An inserted message whose body begins with "slow" takes 50 ms to commit, with "stall" a second, with "hang" seven,
  // with "held" as long as somebody holds the advisory lock -3, and a commit with one that begins with "poison" fails.
  void install_triggers() const;
  void restart(const std::string& part) const;
  void wait_ready() const;

  std::unique_ptr<::stack::stack> stack;

 private:
  mutable std::mutex mint_mutex_;  // a signer belongs to one thread, the tests send from many
  token::signer signer_;
};

}  // namespace api_test

// For tests only: an HTTP server before rollcall-faulty that wants a log-in and lets chats be deleted, which
// rollcall-faulty does not. All other requests go to rollcall-faulty as they are; sockets go there directly. Threads of
// its own, one for each connection; stopped and joined in the destructor.
#pragma once

#include "conformance/selftest/run_program.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace cli::test {

class front {
 public:
  /// behind: "127.0.0.1:40001".
  explicit front(std::string behind);
  ~front();
  front(const front&) = delete;
  front& operator=(const front&) = delete;

  /// POST /login with {"user":…,"password":"pw-…"} gives {"session":{"token":…}}; the token lives an hour.
  std::string address() const;

  int logins() const;
  /// Every token that it gave out.
  std::vector<std::string> tokens() const;
  /// Ids of the chats that DELETE /api/v1/chats/ID was asked for; it is answered with 204, and 500 for those of
  /// `stuck`.
  std::multiset<std::string> deleted() const;
  void stick(const std::string& chat);
  /// POST /register is answered with 201, DELETE /users/NAME with 204.
  std::multiset<std::string> deleted_users() const;
  /// No chat any more.
  void let_go();

 private:
  using tcp = boost::asio::ip::tcp;
  void accept();
  void serve(const std::shared_ptr<tcp::socket>& socket);

  std::string behind_;
  boost::asio::io_context io_;
  tcp::acceptor acceptor_;
  mutable std::mutex mutex_;
  std::vector<std::string> tokens_;
  std::multiset<std::string> deleted_;
  std::multiset<std::string> deleted_users_;
  std::set<std::string> stuck_;
  bool stopping_ = false;
  std::vector<std::shared_ptr<tcp::socket>> sockets_;
  std::vector<std::thread> serving_;
  std::thread accepting_;
};

}  // namespace cli::test

// rollcall-faulty as a child process, and the few calls that the tests make on it. Ends the child (SIGTERM, SIGKILL
// after 5 s) in the destructor. One thread.
#pragma once

#include "conformance/selftest/faulty/test/raw_client.hpp"

#include <sys/types.h>

#include <boost/json.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace faulty::test {

inline const std::string secret = "a secret of thirty-two bytes or more";

// Seconds since 1970, `seconds` from now.
std::int64_t from_now(std::int64_t seconds);

// A token with these claims and header, signed with `key`.
std::string token_of(const std::string& claims, const std::string& key = secret,
                     const std::string& header = R"({"alg":"HS256","typ":"JWT"})");
// A right one for this user.
std::string token_for(const std::string& user, std::int64_t lives_s = 600);

class Running {
 public:
  // Adds --ready-fd and --log. Throws when the program does not come up.
  explicit Running(std::vector<std::string> flags = {});
  ~Running();
  Running(const Running&) = delete;

  std::uint16_t port() const { return port_; }

  Response call(const std::string& method, const std::string& path, const std::string& token,
                const std::string& body = "", const std::string& headers = "");
  // As `user`, JSON in, JSON out; fails the test when the status is another.
  boost::json::value as(const std::string& user, int status, const std::string& method, const std::string& path,
                        const std::string& body = "");
  // The id of the chat of the two.
  std::int64_t chat(const std::string& creator, const std::string& peer);
  // Posts and returns the id.
  std::int64_t post(std::int64_t chat, const std::string& sender, const std::string& body);
  // The ids of the whole history, oldest first, as the user walks it with after=.
  std::vector<std::int64_t> history(std::int64_t chat, const std::string& user, int limit = 200);

  // A socket whose `ready` was read.
  WebSocketClient socket(const std::string& user, std::int64_t lives_s = 600);

  void terminate();
  // Waits for the end; the exit code, or 128 + the signal.
  int wait();

  // The lines of the fault log.
  std::vector<boost::json::object> log() const;

 private:
  pid_t pid_ = -1;
  std::uint16_t port_ = 0;
  std::string log_path_;
};

// Runs the program to its end; exit code and what it wrote to stdout and stderr.
std::pair<int, std::string> run_to_end(const std::vector<std::string>& flags, bool with_secret = true);

// The message ids of `message` frames.
std::vector<std::int64_t> ids_of(const std::vector<std::string>& texts);
std::int64_t id_of(const std::string& text);

}  // namespace faulty::test

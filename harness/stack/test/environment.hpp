// What the stack's tests share: waits on processes and paths (by polling, bounded), a folder with stand-ins for the
// server's programs, and the pids of a whole stack.
#pragma once

#include "harness/stack/stack.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stack::test {

// Polls every few milliseconds; false when it did not become true in 20 s.
bool becomes_true(const std::function<bool()>& condition);

// Neither running nor a zombie of somebody else's.
bool gone(int pid);
// The parts' processes, the database's children and the supervisor.
std::vector<int> everybody(const ::stack::stack& running);
bool all_gone(const std::vector<int>& pids);

// A temporary folder, removed with its contents.
class folder {
 public:
  explicit folder(const std::string& prefix = "rc-test-");
  ~folder();
  folder(const folder&) = delete;
  folder& operator=(const folder&) = delete;
  const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
};

// Holds rollcall-stack and stand-ins named rollcall-api and rollcall-gateway.
class stand_ins : public folder {
 public:
  stand_ins();
};

// Sets a variable of this process's environment and puts it back.
class variable {
 public:
  variable(const char* name, const std::string& value);
  ~variable();
  variable(const variable&) = delete;
  variable& operator=(const variable&) = delete;

 private:
  const char* name_;
  std::optional<std::string> before_;
};

// PostgreSQL and Redis alone.
options only_stores();
// One of each, stand-ins for the server's programs.
options with_stand_ins(const stand_ins& programs);
std::string text_of(const std::filesystem::path& file);
// Of a part by its name; an empty one when there is none.
client::part find(const ::stack::stack& running, std::string_view name);
// Whether a client gets through: a query, a PING, a connection.
bool postgres_answers(const ::stack::stack& running);
bool redis_answers(const ::stack::stack& running);
bool listens(const std::string& address);
// Sends the request and gives all that comes until the other side closes (10 s at most); empty without a connection.
std::string answer_to(const std::string& address, const std::string& request);

}  // namespace stack::test

#include "harness/stack/test/environment.hpp"

#include "harness/stack/descriptor.hpp"
#include "harness/stack/process.hpp"

#include <arpa/inet.h>
#include <hiredis/hiredis.h>
#include <libpq-fe.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <thread>

namespace stack::test {
namespace fs = std::filesystem;
using namespace std::chrono_literals;

bool becomes_true(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + 20s;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(5ms);
  }
  return true;
}

bool gone(int pid) {
  const char state = process::state_of(pid);
  return state == '\0' || state == 'Z' || state == 'X';
}

std::vector<int> everybody(const ::stack::stack& running) {
  std::vector<int> pids{running.supervisor_pid()};
  for (const client::part& one : running.list()) {
    if (one.pid == 0) continue;
    pids.push_back(one.pid);
    const auto children = process::children_of(one.pid);
    pids.insert(pids.end(), children.begin(), children.end());
  }
  return pids;
}

bool all_gone(const std::vector<int>& pids) {
  return std::all_of(pids.begin(), pids.end(), gone);
}

folder::folder(const std::string& prefix) {
  std::string name = "/tmp/" + prefix + "XXXXXX";
  if (!::mkdtemp(name.data())) throw std::runtime_error("mkdtemp");
  fs::permissions(name, fs::perms(0755));
  path_ = name;
}

folder::~folder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

stand_ins::stand_ins() {
  fs::create_symlink(fs::path(ROLLCALL_BIN) / "rollcall-stack", path() / "rollcall-stack");
  for (const char* name : {"rollcall-api", "rollcall-gateway"}) {
    fs::create_symlink(fs::path(ROLLCALL_BIN) / "stack-standin", path() / name);
  }
}

variable::variable(const char* name, const std::string& value) : name_(name) {
  if (const char* found = std::getenv(name)) before_ = found;
  ::setenv(name, value.c_str(), 1);
}

variable::~variable() {
  if (before_) {
    ::setenv(name_, before_->c_str(), 1);
  } else {
    ::unsetenv(name_);
  }
}

options with_stand_ins(const stand_ins& programs) {
  options wanted;
  wanted.programs = programs.path();
  return wanted;
}

std::string text_of(const fs::path& file) {
  std::ifstream reading(file);
  return {std::istreambuf_iterator<char>(reading), {}};
}

client::part find(const ::stack::stack& running, std::string_view name) {
  for (const client::part& one : running.list()) {
    if (one.name == name) return one;
  }
  return {};
}

options only_stores() {
  options wanted;
  wanted.api = 0;
  wanted.gateway = 0;
  return wanted;
}

bool postgres_answers(const ::stack::stack& running) {
  PGconn* link = PQconnectdb((running.postgres_conninfo() + " connect_timeout=5").c_str());
  PGresult* result = PQexec(link, "SELECT 1");
  const bool good = PQresultStatus(result) == PGRES_TUPLES_OK;
  PQclear(result);
  PQfinish(link);
  return good;
}

bool redis_answers(const ::stack::stack& running) {
  redisContext* link = redisConnectUnixWithTimeout(running.redis_path().c_str(), {5, 0});
  if (!link) return false;
  bool good = false;
  if (link->err == 0) {
    void* reply = redisCommand(link, "PING");
    good = reply != nullptr;
    if (reply) freeReplyObject(reply);
  }
  redisFree(link);
  return good;
}

namespace {
descriptor connected_to(const std::string& address) {
  descriptor link(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in there{};
  there.sin_family = AF_INET;
  there.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  there.sin_port = htons(static_cast<std::uint16_t>(std::stoi(address.substr(address.find(':') + 1))));
  if (::connect(link.get(), reinterpret_cast<const sockaddr*>(&there), sizeof there) != 0) link.close();
  return link;
}
}  // namespace

bool listens(const std::string& address) {
  return connected_to(address).open();
}

std::string answer_to(const std::string& address, const std::string& request) {
  const descriptor link = connected_to(address);
  const timeval patience{10, 0};
  ::setsockopt(link.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (::send(link.get(), request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size()))
    return {};
  std::string all;
  std::array<char, 4096> chunk;
  for (ssize_t got; (got = ::recv(link.get(), chunk.data(), chunk.size(), 0)) > 0;) {
    all.append(chunk.data(), static_cast<std::size_t>(got));
  }
  return all;
}

}  // namespace stack::test

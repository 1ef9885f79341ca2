#include "reference-server/test/gateway_fixture_test.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <hiredis/hiredis.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <utility>

extern char** environ;

namespace gateway_test {
using namespace std::chrono_literals;

namespace {
constexpr auto patience = 20s;

}  // namespace

bool eventually(const std::function<bool()>& condition) {
  const auto give_up = std::chrono::steady_clock::now() + patience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > give_up) return false;
    std::this_thread::sleep_for(2ms);
  }
  return true;
}

temporary_directory::temporary_directory() {
  std::string pattern = "/tmp/rollcall-gateway-XXXXXX";
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary directory");
  root_ = pattern;
}

temporary_directory::~temporary_directory() {
  std::error_code ignored;
  std::filesystem::remove_all(root_, ignored);
}

process::process(const std::vector<std::string>& command, const std::string& log, int ready) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  posix_spawn_file_actions_adddup2(&actions, 1, 2);
  if (ready >= 0) posix_spawn_file_actions_adddup2(&actions, ready, 3);
  std::vector<char*> words;
  for (const auto& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  const int failed = ::posix_spawnp(&pid_, words[0], &actions, nullptr, words.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) throw std::runtime_error("cannot start " + command[0] + ": " + std::strerror(failed));
}

process::~process() {
  if (pid_ < 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

void process::signal(int number) const {
  if (pid_ > 0) ::kill(pid_, number);
}

bool process::ended() {
  if (pid_ > 0 && ::waitpid(pid_, nullptr, WNOHANG) == pid_) pid_ = -1;
  return pid_ < 0;
}

int process::wait() {
  int status = 0;
  if (!eventually([&] { return ::waitpid(pid_, &status, WNOHANG) == pid_; }))
    throw std::runtime_error("it does not end");
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

private_redis::private_redis(const temporary_directory& directory)
    : socket_(directory.path("redis.sock")), directory_(directory.path("")), log_(directory.path("redis.log")) {
  start();
}

private_redis::~private_redis() {
  if (link_ != nullptr) redisFree(link_);
}

void private_redis::start() {
  server_.emplace(std::vector<std::string>{"redis-server", "--port", "0", "--unixsocket", socket_, "--save", "",
                                           "--appendonly", "no", "--dir", directory_, "--daemonize", "no"},
                  log_);
  if (!eventually([this] {
        if (link_ != nullptr) redisFree(link_);
        link_ = redisConnectUnix(socket_.c_str());
        return link_ != nullptr && link_->err == 0 && (*this)({"PING"}) == "PONG";
      })) {
    throw std::runtime_error("redis-server does not answer");
  }
  redisSetTimeout(link_, {10, 0});
}

void private_redis::kill() {
  server_->signal(SIGKILL);
  server_->wait();
  server_.reset();
  ::unlink(socket_.c_str());
}

void private_redis::pause() {
  server_->signal(SIGSTOP);
}
void private_redis::go_on() {
  server_->signal(SIGCONT);
}

std::string private_redis::operator()(const std::vector<std::string>& words) {
  std::vector<const char*> texts;
  std::vector<std::size_t> lengths;
  for (const auto& word : words) {
    texts.push_back(word.data());
    lengths.push_back(word.size());
  }
  const std::unique_ptr<redisReply, void (*)(void*)> reply(
      static_cast<redisReply*>(redisCommandArgv(link_, static_cast<int>(words.size()), texts.data(), lengths.data())),
      freeReplyObject);
  if (!reply) return "-" + std::string(link_->errstr);
  if (reply->type == REDIS_REPLY_INTEGER) return std::to_string(reply->integer);
  if (reply->str == nullptr) return "";
  return (reply->type == REDIS_REPLY_ERROR ? "-" : "") + std::string(reply->str, static_cast<std::size_t>(reply->len));
}

std::uint64_t private_redis::calls(const std::string& command) {
  const auto all = (*this)({"INFO", "commandstats"});
  const auto line = "cmdstat_" + command + ":calls=";
  const auto found = all.find(line);
  return found == all.npos ? 0 : std::strtoull(all.c_str() + found + line.size(), nullptr, 10);
}

ready_ports await_ready(int descriptor) {
  pollfd readable{descriptor, POLLIN, 0};
  char line[256] = {};
  const bool came = ::poll(&readable, 1, 10'000) > 0 && ::read(descriptor, line, sizeof line - 1) > 0;
  ::close(descriptor);
  if (!came) throw std::runtime_error("the process does not get ready");
  const std::string text = line;
  const auto port_of = [&](const std::string& name) {
    const auto begin = text.find("\"" + name + "\":\"127.0.0.1:");
    const auto at = begin == text.npos ? begin : text.find(':', begin + name.size() + 4);
    return static_cast<std::uint16_t>(at == text.npos ? 0 : std::atoi(text.c_str() + at + 1));
  };
  return {port_of("listen"), port_of("admin")};
}

running_gateway::running_gateway(const temporary_directory& directory, const std::string& redis_socket,
                                 const std::vector<std::string>& flags) {
  ::setenv("ROLLCALL_SECRET", secret, 1);
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  std::vector<std::string> command{ROLLCALL_BIN "/rollcall-gateway",
                                   "--listen",
                                   "127.0.0.1:0",
                                   "--admin-listen",
                                   "127.0.0.1:0",
                                   "--redis",
                                   redis_socket.starts_with("cluster:") ? redis_socket : "unix:" + redis_socket,
                                   "--ready-fd",
                                   "3"};
  command.insert(command.end(), flags.begin(), flags.end());
  process_.emplace(command, directory.path("gateway.log"), ends[1]);
  ::close(ends[1]);
  const auto ports = await_ready(ends[0]);
  port_ = ports.listen;
  admin_port_ = ports.admin;
}

std::string running_gateway::token(const std::string& user, std::chrono::system_clock::duration valid) const {
  return tokens_.mint(
      user, std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now() + valid));
}

std::unique_ptr<client> running_gateway::connect(const std::string& user, int receive_buffer) const {
  auto made =
      std::make_unique<client>(port_, "/ws", upgrade + "Authorization: Bearer " + token(user) + "\r\n", receive_buffer);
  if (made->status() != 101) throw std::runtime_error("no 101: " + made->head());
  return made;
}

std::unique_ptr<client> running_gateway::ready(const std::string& user, int receive_buffer) const {
  auto made = connect(user, receive_buffer);
  const auto first = made->next();
  if (first.opcode != 1 || first.payload != R"({"event":"ready","data":{"user":")" + user + "\"}}") {
    throw std::runtime_error("not ready: " + first.payload);
  }
  return made;
}

std::uint64_t running_gateway::metric(const std::string& name) const {
  client asked(admin_port_, "/metrics", "Connection: close\r\n");
  std::string body;
  const auto line = "\nrollcall_gateway_" + name + " ";
  body = asked.text_to_end();
  const auto found = body.find(line);
  return found == body.npos ? 0 : std::strtoull(body.c_str() + found + line.size(), nullptr, 10);
}

std::string message_frame(std::string_view message) {
  return R"({"event":"message","data":)" + std::string(message) + "}";
}

}  // namespace gateway_test

#include "harness/stack/supervision.hpp"

#include "harness/stack/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <vector>

namespace stack {
namespace json = boost::json;
namespace {

int milliseconds_until(supervision::clock::time_point deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - supervision::clock::now()).count();
  return static_cast<int>(std::clamp<long long>(left, 0, 60'000));
}

}  // namespace

start_result<supervision> supervision::begin(const std::filesystem::path& program, const std::string& secret) {
  pipe_ends commands = make_pipe();
  pipe_ends answers = make_pipe();
  if (!commands.reading.open() || !answers.reading.open()) return system_failure("pipe", errno);

  // All memory is taken before the fork: the parent may have other threads.
  std::vector<std::string> texts;
  for (char** entry = environ; *entry; ++entry) {
    if (!std::string_view(*entry).starts_with("ROLLCALL_SECRET=")) texts.emplace_back(*entry);
  }
  if (!secret.empty()) texts.push_back("ROLLCALL_SECRET=" + secret);
  std::vector<char*> environment;
  for (std::string& text : texts) environment.push_back(text.data());
  environment.push_back(nullptr);
  std::string file = program.string();
  std::array<char*, 2> arguments{file.data(), nullptr};

  const pid_t child = ::fork();
  if (child < 0) return system_failure("fork", errno);
  if (child == 0) {
    constexpr int out_of_the_way = 10;  // the parent may run with its own 0 or 1 closed
    const int in = ::fcntl(commands.reading.get(), F_DUPFD_CLOEXEC, out_of_the_way);
    const int out = ::fcntl(answers.writing.get(), F_DUPFD_CLOEXEC, out_of_the_way);
    if (::dup2(in, 0) == 0 && ::dup2(out, 1) == 1) ::execve(file.c_str(), arguments.data(), environment.data());
    ::_exit(127);
  }
  ::fcntl(answers.reading.get(), F_SETFL, O_NONBLOCK);
  return supervision(child, std::move(commands.writing), std::move(answers.reading));
}

supervision::~supervision() {
  using namespace std::chrono_literals;
  if (answers_.open()) end(clock::now() + 20s);
}

bool supervision::say(const json::object& line) {
  return commands_.open() && write_line(commands_.get(), json::serialize(line));
}

supervision::heard supervision::listen(json::object& line, clock::time_point deadline, int interrupt_fd) {
  for (;;) {
    if (const auto text = input_.next()) {
      line = json::parse(*text).as_object();
      return heard::line;
    }
    std::array<pollfd, 2> looked{{{answers_.get(), POLLIN, 0}, {interrupt_fd, POLLIN, 0}}};
    const int wait = milliseconds_until(deadline);
    const int ready = ::poll(looked.data(), looked.size(), wait);
    if (ready > 0 && looked[0].revents != 0) {
      if (!input_.read_once(answers_.get())) return heard::end;
      continue;
    }
    if (ready > 0 && looked[1].revents != 0) return heard::interrupted;
    if (ready == 0 && clock::now() >= deadline) return heard::late;
  }
}

bool supervision::end(clock::time_point deadline) {
  commands_.close();
  if (pid_.reaped) return true;
  // Its end of the pipe closes with it; the process can then be reaped without a wait worth speaking of.
  json::object ignored;
  heard last = heard::line;
  while (last == heard::line) last = listen(ignored, deadline);
  if (last != heard::end) return false;
  int status = 0;
  pid_t got = 0;
  do {
    got = ::waitpid(pid_.number, &status, 0);
  } while (got < 0 && errno == EINTR);
  pid_.reaped = true;  // also when somebody else's wait() took it
  if (got == pid_.number && status != 0) manner_ = process::describe(status);
  return true;
}

}  // namespace stack

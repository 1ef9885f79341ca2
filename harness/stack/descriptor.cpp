#include "harness/stack/descriptor.hpp"

#include <fcntl.h>
#include <signal.h>

#include <array>
#include <cerrno>

namespace stack {

pipe_ends make_pipe() noexcept {
  std::array<int, 2> ends{-1, -1};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return {};
  return {descriptor(ends[0]), descriptor(ends[1])};
}

bool line_reader::read_once(int number) {
  std::array<char, 4096> chunk;
  const ssize_t got = ::read(number, chunk.data(), chunk.size());
  if (got > 0) {
    buffer_.append(chunk.data(), static_cast<std::size_t>(got));
    return true;
  }
  return got < 0 && (errno == EAGAIN || errno == EINTR);
}

std::optional<std::string> line_reader::next() {
  const std::size_t end = buffer_.find('\n');
  if (end == std::string::npos) return std::nullopt;
  std::string line = buffer_.substr(0, end);
  buffer_.erase(0, end + 1);
  return line;
}

bool write_line(int number, std::string_view line) {
  // A reader that has gone is an answer here, not a reason to die: SIGPIPE is held back and swallowed.
  sigset_t broken_pipe, before, pending;
  sigemptyset(&broken_pipe);
  sigaddset(&broken_pipe, SIGPIPE);
  sigpending(&pending);
  const bool was_pending = sigismember(&pending, SIGPIPE) == 1;
  pthread_sigmask(SIG_BLOCK, &broken_pipe, &before);

  std::string rest(line);
  rest += '\n';
  int problem = 0;
  while (!rest.empty() && problem == 0) {
    const ssize_t sent = ::write(number, rest.data(), rest.size());
    if (sent >= 0) {
      rest.erase(0, static_cast<std::size_t>(sent));
    } else if (errno != EINTR) {
      problem = errno;
    }
  }
  if (problem == EPIPE && !was_pending) {
    const timespec now{0, 0};
    while (sigtimedwait(&broken_pipe, nullptr, &now) < 0 && errno == EINTR) {
    }
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return problem == 0;
}

}  // namespace stack

#include "reference-server/ops/line_output.hpp"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

namespace ops {

line_output::line_output(int fd) : fd_(fd) {
  struct stat about {};
  if (::fstat(fd, &about) == 0 && S_ISSOCK(about.st_mode)) {
    kind_ = kind::socket;
    return;
  }
  const std::string path = "/proc/self/fd/" + std::to_string(fd);
  const int own = ::open(path.c_str(), O_WRONLY | O_APPEND | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (own >= 0) {
    fd_ = own;
    kind_ = kind::own;
  }
}

line_output::~line_output() {
  pass_on();
  if (kind_ == kind::own) {
    ::close(fd_);
  }
}

void line_output::write(std::string_view line) {
  pass_on();
  if (waiting_.empty()) {
    line.remove_prefix(write_some(line));
  } else if (waiting_.size() + line.size() > most_waiting) {
    ++lost_;
    return;
  }
  waiting_ += line;  // a line that has begun is kept whatever its size
}

std::uint64_t line_output::take_lost() {
  pass_on();
  return waiting_.empty() ? std::exchange(lost_, 0) : 0;
}

void line_output::pass_on() {
  if (!waiting_.empty()) {
    waiting_.erase(0, write_some(waiting_));
  }
}

// How many bytes were taken; 0 too when the descriptor is broken, which a log cannot tell anybody.
std::size_t line_output::write_some(std::string_view bytes) const {
  std::size_t taken = 0;
  while (taken < bytes.size()) {
    const char* const from = bytes.data() + taken;
    const std::size_t left = bytes.size() - taken;
    ssize_t size = -1;
    if (kind_ == kind::socket) {
      size = ::send(fd_, from, left, MSG_DONTWAIT | MSG_NOSIGNAL);
    } else if (kind_ == kind::own) {
      size = ::write(fd_, from, left);
    } else {
      // A pipe that calls itself writable takes PIPE_BUF bytes at once.
      pollfd room{fd_, POLLOUT, 0};
      if (::poll(&room, 1, 0) == 1 && (room.revents & POLLOUT) != 0) {
        size = ::write(fd_, from, std::min<std::size_t>(left, PIPE_BUF));
      }
    }
    if (size <= 0) {
      break;
    }
    taken += static_cast<std::size_t>(size);
  }
  return taken;
}

}  // namespace ops

#include "harness/client/user/created_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <thread>

namespace client {

std::shared_ptr<created_file> created_file::to_add(const std::string& path) {
  if (path.empty()) return nullptr;
  const int fd = ::open(path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
  if (fd >= 0) ::flock(fd, LOCK_SH);
  return std::shared_ptr<created_file>(new created_file(fd));
}

std::shared_ptr<created_file> created_file::to_remove(const std::string& path, std::chrono::milliseconds limit) {
  const int fd = ::open(path.c_str(), O_RDWR | O_APPEND | O_CLOEXEC);
  if (fd < 0) return nullptr;
  auto out = std::shared_ptr<created_file>(new created_file(fd));
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    if (std::chrono::steady_clock::now() >= deadline) return nullptr;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  // What comes next does not go on with a line that was cut off.
  char last = '\n';
  const off_t end = ::lseek(fd, 0, SEEK_END);
  if (end > 0 && ::pread(fd, &last, 1, end - 1) == 1 && last != '\n') out->write("\n");
  return out;
}

created_file::~created_file() {
  if (fd_ >= 0) ::close(fd_);
}

void created_file::add(const created_thing& thing) {
  if (added_.insert(thing.key()).second) write(created_line(thing));
}

void created_file::remove(const created_thing& thing) {
  write(removed_line(thing, jwt::wall_now()));
}

std::vector<created_thing> created_file::left() const {
  std::string text;
  std::array<char, 65'536> some{};
  while (fd_ >= 0) {
    const ssize_t n = ::pread(fd_, some.data(), some.size(), static_cast<off_t>(text.size()));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    text.append(some.data(), static_cast<std::size_t>(n));
  }
  return left_of(text);
}

void created_file::write(const std::string& line) {
  ssize_t n = -1;
  do n = ::write(fd_, line.data(), line.size());
  while (n < 0 && errno == EINTR);
  good_ = good_ && n == static_cast<ssize_t>(line.size());
}

}  // namespace client

// An owned file descriptor, and the lines that come out of a pipe. Owned by whoever opened it; one thread.
#pragma once

#include <unistd.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace stack {

class descriptor {
 public:
  descriptor() = default;
  explicit descriptor(int number) noexcept : number_(number) {}
  descriptor(descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  descriptor& operator=(descriptor&& other) noexcept {
    if (this != &other) {
      close();
      number_ = std::exchange(other.number_, -1);
    }
    return *this;
  }
  ~descriptor() { close(); }

  int get() const noexcept { return number_; }
  bool open() const noexcept { return number_ >= 0; }
  void close() noexcept {
    if (number_ >= 0) ::close(std::exchange(number_, -1));
  }

 private:
  int number_ = -1;
};

struct pipe_ends {
  descriptor reading, writing;
};
// Both close-on-exec. Closed descriptors when the system has none left.
pipe_ends make_pipe() noexcept;

// Splits what a pipe brings into lines. Reads without blocking when the descriptor is O_NONBLOCK or poll said so.
class line_reader {
 public:
  // One read(2). False on end of file or an error other than EAGAIN and EINTR.
  bool read_once(int number);
  // The next whole line without its end, if there is one.
  std::optional<std::string> next();

 private:
  std::string buffer_;
};

// The line and a newline, whole, whatever signals arrive. False when the reader has gone.
bool write_line(int number, std::string_view line);

}  // namespace stack

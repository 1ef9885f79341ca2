// The bytes a connection has received and not used yet, in one piece. Owned by the connection; grows on demand.
// prepare() and commit() may move the bytes, consume() does not.
#pragma once

#include <boost/asio/buffer.hpp>

#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>

namespace http {

class read_buffer {
 public:
  std::string_view view() const { return {bytes_.get() + begin_, end_ - begin_}; }
  bool empty() const { return begin_ == end_; }

  // Room for at least `smallest_read` more bytes.
  boost::asio::mutable_buffer prepare() {
    if (begin_ == end_) {
      begin_ = end_ = 0;
    }
    if (capacity_ - end_ < smallest_read) {
      const std::size_t held = end_ - begin_;
      if (capacity_ < 2 * held + smallest_read) {
        const std::size_t grown = 2 * held + first_capacity;
        auto moved = std::make_unique_for_overwrite<char[]>(grown);
        if (held > 0) {
          std::memcpy(moved.get(), bytes_.get() + begin_, held);
        }
        bytes_ = std::move(moved);
        capacity_ = grown;
      } else {
        std::memmove(bytes_.get(), bytes_.get() + begin_, held);
      }
      begin_ = 0;
      end_ = held;
    }
    return {bytes_.get() + end_, capacity_ - end_};
  }
  void commit(std::size_t size) { end_ += size; }
  void consume(std::size_t size) { begin_ += size; }

 private:
  static constexpr std::size_t smallest_read = 1024;
  static constexpr std::size_t first_capacity = 4096;

  std::unique_ptr<char[]> bytes_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace http

#include "reference-server/gateway/backlog.hpp"

#include <algorithm>

namespace gateway {

void backlog::push(frame due, tick now) {
  if (begin_ > 64 && begin_ * 2 > queue_.size()) {
    queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(begin_));
    begin_ = 0;
  }
  bytes_ += due.bytes().size();
  queue_.push_back({std::move(due), now});
}

std::size_t backlog::gather(std::span<iovec> into) const {
  const std::size_t count = std::min(into.size(), frames());
  std::size_t skip = offset_;
  for (std::size_t i = 0; i < count; ++i) {
    const auto bytes = queue_[begin_ + i].what.bytes().substr(skip);
    skip = 0;
    into[i] = {const_cast<char*>(bytes.data()), bytes.size()};
  }
  return count;
}

void backlog::written(std::size_t bytes) {
  bytes_ -= bytes;
  while (bytes > 0) {
    const std::size_t rest = queue_[begin_].what.bytes().size() - offset_;
    if (bytes < rest) {
      offset_ += bytes;
      return;
    }
    bytes -= rest;
    offset_ = 0;
    queue_[begin_++].what = {};
  }
}

void backlog::drop_unstarted() {
  const std::size_t keep = begin_ + (partly_written() ? 1 : 0);
  queue_.erase(queue_.begin() + static_cast<std::ptrdiff_t>(keep), queue_.end());
  bytes_ = partly_written() ? queue_[begin_].what.bytes().size() - offset_ : 0;
}

void backlog::reset() {
  queue_.clear();
  begin_ = offset_ = bytes_ = 0;
}

}  // namespace gateway

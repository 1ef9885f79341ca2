// What is due to one socket and not yet in the kernel: shared frames in order, the first one perhaps partly written.
// No I/O, no clock; a socket has one only while something is due. Owned by the socket, on the loop's thread.
#pragma once

#include "reference-server/gateway/frame.hpp"

#include <sys/uio.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace gateway {

// Coarse time of this process, in tenths of a second of its own running: what it slept through does not count.
using tick = std::uint32_t;

class backlog {
 public:
  void push(frame due, tick now);
  bool empty() const { return begin_ == queue_.size(); }
  std::size_t frames() const { return queue_.size() - begin_; }
  std::size_t bytes() const { return bytes_; }          // not yet written
  tick oldest() const { return queue_[begin_].since; }  // when the oldest unwritten byte came; not when empty()

  // Calls with each frame that is not wholly written, in order.
  template <class Call>
  void each(Call call) const {
    for (auto i = begin_; i < queue_.size(); ++i) call(queue_[i].what);
  }

  // Fills in what is to be written next, in order, as far as there is room; returns how many.
  std::size_t gather(std::span<iovec> into) const;
  // The first `bytes` of it were written; at most bytes().
  void written(std::size_t bytes);
  // Drops everything, except the rest of a frame that is partly written: that one must end before anything follows.
  void drop_unstarted();
  bool partly_written() const { return offset_ > 0; }
  // Whether a frame was written whole since it was new; later pushes may make it forget that.
  bool wrote_one() const { return begin_ > 0; }
  // As good as new; keeps its memory for the next use.
  void reset();

 private:
  struct entry {
    frame what;
    tick since;
  };
  std::vector<entry> queue_;
  std::size_t begin_ = 0;   // before it: written
  std::size_t offset_ = 0;  // written of the first frame
  std::size_t bytes_ = 0;
};

}  // namespace gateway

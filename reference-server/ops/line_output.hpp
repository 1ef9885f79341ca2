// Where log lines go: a descriptor that is never waited for. Owned by the log, on the process's one thread.
// It promises: write() never blocks; lines arrive whole and in order; while the reader is behind, up to `most_waiting`
// bytes wait, what does not fit is lost and counted; what waits goes out with a later line.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace ops {

class line_output {
 public:
  static constexpr std::size_t most_waiting = 256 * 1024;

  // `fd` stays its owner's. Where the system allows it the file behind it is opened once more, so that not to wait is
  // this object's choice alone: the flag on `fd` itself would be seen by every process that shares it.
  explicit line_output(int fd);
  ~line_output();
  line_output(const line_output&) = delete;
  line_output& operator=(const line_output&) = delete;

  // With its line end.
  void write(std::string_view line);

  // Lines lost since the last call; told only when nothing waits, so that a line about it has room.
  std::uint64_t take_lost();

 private:
  enum class kind { own, socket, shared };

  void pass_on();
  std::size_t write_some(std::string_view bytes) const;

  int fd_;
  kind kind_ = kind::shared;
  std::string waiting_;
  std::uint64_t lost_ = 0;
};

}  // namespace ops

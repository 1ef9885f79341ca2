// Each of these tests would hang, and end by ctest's time-out, if a line were waited for.
#include "reference-server/ops/line_output.hpp"

#include "reference-server/ops/log.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <set>
#include <sstream>

namespace ops {
namespace {

std::string numbered(int i) {
  return std::to_string(i) + std::string(1000, '.') + "\n";
}

// What the reading end holds, without waiting for more.
std::string read_all(int fd) {
  ::fcntl(fd, F_SETFL, O_NONBLOCK);
  std::string all;
  char part[65536];
  for (ssize_t size = ::read(fd, part, sizeof part); size > 0; size = ::read(fd, part, sizeof part)) {
    all.append(part, static_cast<std::size_t>(size));
  }
  return all;
}

class LineOutput : public testing::TestWithParam<bool> {
 protected:
  LineOutput() {
    const int made = GetParam() ? ::socketpair(AF_UNIX, SOCK_STREAM, 0, ends_.data()) : ::pipe(ends_.data());
    EXPECT_EQ(made, 0);
  }
  ~LineOutput() override {
    ::close(ends_[0]);
    ::close(ends_[1]);
  }
  std::array<int, 2> ends_{};
};
INSTANTIATE_TEST_SUITE_P(PipeAndSocket, LineOutput, testing::Bool());

TEST_P(LineOutput, LosesWholeLinesAndCountsThemWhenNobodyReads) {
  constexpr int lines = 3000;
  line_output out(ends_[1]);
  for (int i = 0; i < lines; ++i) {
    out.write(numbered(i));
  }
  EXPECT_EQ(out.take_lost(), 0U) << "told while lines wait";
  std::string got;
  std::uint64_t lost = 0;
  while (lost == 0) {
    got += read_all(ends_[0]);
    lost = out.take_lost();
  }
  got += read_all(ends_[0]);
  EXPECT_EQ(out.take_lost(), 0U) << "told twice";
  std::istringstream text(got);
  int next = 0;
  for (std::string line; std::getline(text, line); ++next) {
    ASSERT_EQ(line + "\n", numbered(next));
  }
  EXPECT_GT(static_cast<std::size_t>(next) * 1000, line_output::most_waiting);
  EXPECT_EQ(static_cast<std::uint64_t>(lines - next), lost);
}

TEST_P(LineOutput, LeavesTheDescriptorAsItWas) {
  const int before = ::fcntl(ends_[1], F_GETFL);
  {
    line_output out(ends_[1]);
    out.write("line\n");
  }
  EXPECT_EQ(::fcntl(ends_[1], F_GETFL), before);
  EXPECT_EQ(read_all(ends_[0]), "line\n");
}

TEST_P(LineOutput, TheLogTellsWhatWasLost) {
  start_log("api1", "info", ends_[1]);
  const std::string filler(1000, 'x');
  for (int i = 0; i < 2000; ++i) {
    log_info("filler", {{"text", filler}});
  }
  std::string got;
  while (got.find("log lines lost") == got.npos) {
    got += read_all(ends_[0]);
    log_info("next");
  }
  EXPECT_NE(got.find(R"("level":"warning","process":"api1","event":"log lines lost","lines":)"), got.npos);
  start_log("api1", "info");
}

}  // namespace
}  // namespace ops

// A backend that was not written for Rollcall, as its users start it: up on loopback, and gone when asked.
#include "conformance/targets/test/foreign_backend.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace conformance::targets_test {
namespace {

const std::string folder = FOREIGN_FOLDER;
const std::vector<std::string> start{FOREIGN_START};

TEST(ForeignBackend, ComesUpOnLoopbackAndStopsWhenAsked) {
  foreign_backend backend(folder, start);
  ASSERT_EQ(backend.problem(), "");
  EXPECT_THAT(backend.api(), testing::StartsWith("http://127.0.0.1:"));
  EXPECT_THAT(backend.sockets(), testing::StartsWith("ws://127.0.0.1:"));
  const auto said = backend.stop();
  EXPECT_EQ(said.code, 0) << backend.log();
  EXPECT_FALSE(said.timed_out);
}

}  // namespace
}  // namespace conformance::targets_test

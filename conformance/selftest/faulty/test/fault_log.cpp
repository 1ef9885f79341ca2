#include "conformance/selftest/faulty/test/fault_log.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace faulty::test {

std::vector<boost::json::object> log_of(const Running& server, const std::string& fault) {
  auto lines = server.log();
  for (const auto& line : lines) {
    EXPECT_EQ(line.at("fault").as_string(), fault);
    EXPECT_TRUE(line.contains("time") && line.contains("clock_ns"));
  }
  return lines;
}

Ids logged_messages(const std::vector<boost::json::object>& lines) {
  Ids ids;
  for (const auto& line : lines) ids.push_back(line.at("message").as_int64());
  return ids;
}

std::string text_in(const boost::json::object& line, const char* member) {
  return std::string(std::string_view(line.at(member).as_string()));
}

std::string messages_of(std::int64_t chat) {
  return fmt::format("/api/v1/chats/{}/messages/", chat);
}

}  // namespace faulty::test

// For tests of users of targets that are not shaped like the reference: a server with an answer for each request, and
// a target file that describes it. One loop, one thread.
#pragma once

#include "harness/client/loop.hpp"
#include "harness/client/target/load.hpp"
#include "harness/client/test/server.hpp"
#include "harness/client/user/user.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace client::test {

inline std::string with(std::string_view headers, std::string_view body = "", std::string_view status = "200 OK") {
  return "HTTP/1.1 " + std::string(status) + "\r\n" + std::string(headers) +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

class DescribedTest : public ::testing::Test {
 protected:
  using answer = std::function<std::string(const std::string& request)>;

  void SetUp() override {
    server_ = std::make_unique<server>(io_, answering([this](const std::string& request) {
                                         requests_.push_back(request);
                                         const auto found = answers_.find(request.substr(0, request.find(" HTTP/1.1")));
                                         return found == answers_.end() ? ok("{\"detail\":\"no\"}", "404 Not Found")
                                                                        : found->second(request);
                                       }));
  }

  void say(const std::string& request, const std::string& bytes) {
    answers_[request] = [bytes](const std::string&) { return bytes; };
  }

  void describe(const std::string& text) {
    const std::string whole = "schema: 1\nname: c\nbase_url: " + server_->url().text() +
                              "\nsocket: { url: ws://127.0.0.1:1/ws }\npatience: 20s\n" + text;
    auto loaded = parse_target(whole, "t.yaml", {}, [](const std::string&) { return std::optional<std::string>("k"); });
    if (!loaded) throw std::runtime_error(to_string(loaded.error()));
    target_ = std::make_shared<const client::target>(std::move(*loaded));
  }

  user make(const std::string& given, std::uint64_t row) { return user(io_, target_, given, {.row = row}); }

  template <class T, class Start>
  T run(Start&& start) {
    auto got = await<T>(io_, clock::now() + std::chrono::seconds(20), std::forward<Start>(start));
    EXPECT_TRUE(got.has_value());
    return got ? std::move(*got) : T{};
  }

  std::string last(std::size_t back = 1) const { return requests_.at(requests_.size() - back); }
  bool last_has(const std::string& text, std::size_t back = 1) const {
    return last(back).find(text) != std::string::npos;
  }

  asio::io_context io_;
  std::vector<std::string> requests_;
  std::map<std::string, answer> answers_;
  std::unique_ptr<server> server_;
  std::shared_ptr<const client::target> target_;
};

}  // namespace client::test

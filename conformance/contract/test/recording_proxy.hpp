// For tests only: passes bytes between clients and a server on loopback, unread, and keeps both directions of every
// connection. Owned by the test; works in a thread of its own until it is destroyed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace conformance::contract_test {

class recording_proxy {
 public:
  // `upstream` is "127.0.0.1:40001".
  explicit recording_proxy(const std::string& upstream);
  ~recording_proxy();

  std::string address() const;  // where it listens

  // Ends all connections and writes two files for each, <n>.sent and <n>.answered; gives their number. Once.
  std::size_t save(const std::filesystem::path& folder);

 private:
  class loop;
  std::unique_ptr<loop> loop_;
};

}  // namespace conformance::contract_test

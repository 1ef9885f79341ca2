// A Redis cluster of three masters for one test, on free TCP ports of this machine; see gateway_fixture_test.hpp for
// how such things wait and end. The ports are below those that the system gives to clients, so that none of these sits
// on one; when another program has one all three are chosen anew.
#pragma once

#include "reference-server/test/gateway_fixture_test.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace gateway_test {

class private_cluster {
 public:
  explicit private_cluster(const temporary_directory& directory);
  // "cluster:127.0.0.1:21001,127.0.0.1:…"
  std::string address() const;
  static constexpr std::size_t size = 3;

  std::size_t slot_of(const std::string& channel) const;
  std::size_t owner_of(std::size_t slot) const;  // which of the three
  // With nothing in it, as channels leave nothing there.
  void move(std::size_t slot, std::size_t to);
  void kill(std::size_t master);
  void restart(std::size_t master);  // waits until all say that the cluster is whole

  // One command on one master, as in private_redis.
  std::string ask(std::size_t master, const std::vector<std::string>& words) const;

 private:
  void start(std::size_t master);
  bool start_all();
  bool answers(std::size_t master) const;
  void form();
  void wait_until_whole() const;

  const temporary_directory& directory_;
  std::vector<std::uint16_t> ports_;  // of the masters, then of their cluster buses
  std::vector<std::unique_ptr<process>> servers_;
};

}  // namespace gateway_test

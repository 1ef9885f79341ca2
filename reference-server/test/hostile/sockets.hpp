// Hostile clients of the gateway: handshakes, frames of WebSocket, payloads of Engine.IO, packets of Socket.IO; good
// ones that were changed, and some made by hand to be bad. Learns the ids of sessions from the answers, to hurt those
// as well. Owned by a test.
#pragma once

#include "reference-server/test/hostile/item.hpp"
#include "reference-server/test/hostile/seeded.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace hostile {

class sockets {
 public:
  sockets(std::uint64_t seed, std::string token) : chance_(seed), token_(std::move(token)) {}
  item next();
  void learn(std::string_view answered);

 private:
  std::string packet();
  std::string engine_packet();
  std::string payload();
  std::string frame();
  std::string frames();
  std::string conversation();
  std::string handshake(const std::string& target, const std::string& fields);
  std::string session();

  seeded chance_;
  std::string token_;
  std::vector<std::string> sessions_;  // the latest ones
};

}  // namespace hostile

// Where Redis is: a unix socket, a TCP address, or some nodes of a cluster, as the flag --redis says it. A plain value,
// made once at start.
#pragma once

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/system/result.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace redis {

struct address {
  boost::asio::generic::stream_protocol::endpoint endpoint;
  bool tcp = false;
  std::string text;  // as it was given, for the log
  // Of a cluster: nodes that are asked for its slots; the members above are then the first one's. Empty: one Redis.
  std::vector<address> nodes;

  bool cluster() const { return !nodes.empty(); }
};

// Reads "unix:/path.sock", "HOST:PORT" (a name is resolved here, once; "[::1]:6379" for IPv6), or
// "cluster:HOST:PORT,HOST:PORT". On failure the text is
// one clear sentence: what was wrong and what is expected.
boost::system::result<address, std::string> parse_address(std::string_view text);

}  // namespace redis

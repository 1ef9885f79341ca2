// Where Redis is: a unix socket or a TCP address, as the flag --redis says it. A plain value, made once at start.
#pragma once

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/system/result.hpp>

#include <string>
#include <string_view>

namespace redis {

struct address {
  boost::asio::generic::stream_protocol::endpoint endpoint;
  bool tcp = false;
  std::string text;  // as it was given, for the log
};

// Reads "unix:/path.sock" or "HOST:PORT" (a name is resolved here, once; "[::1]:6379" for IPv6). On failure the text is
// one clear sentence: what was wrong and what is expected.
boost::system::result<address, std::string> parse_address(std::string_view text);

}  // namespace redis

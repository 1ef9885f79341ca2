// HOST:PORT as people write it on a command line, read into a numeric TCP endpoint, and written back.
// Pure functions; no name is looked up except `localhost`, which is 127.0.0.1.
#pragma once

#include <boost/asio/ip/tcp.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace ops {

// "127.0.0.1:8080", "[::1]:8080", "localhost:0"; port 0 means any free one. Nothing for everything else.
std::optional<boost::asio::ip::tcp::endpoint> parse_endpoint(std::string_view text);

std::string to_string(const boost::asio::ip::tcp::endpoint& endpoint);

}  // namespace ops

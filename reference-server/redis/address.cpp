#include "reference-server/redis/address.hpp"

#include <sys/un.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include <charconv>

namespace redis {
namespace asio = boost::asio;

boost::system::result<address, std::string> parse_address(std::string_view text) {
  using result_type = boost::system::result<address, std::string>;
  const auto wrong = [&](std::string_view why) {
    return result_type(boost::system::in_place_error,
                       "redis address \"" + std::string(text) + "\": " + std::string(why) +
                           " (expected unix:/path/to/redis.sock, HOST:PORT or cluster:HOST:PORT,HOST:PORT)");
  };
  address result;
  constexpr std::string_view of_cluster = "cluster:";
  if (text.starts_with(of_cluster)) {
    std::vector<address> nodes;
    for (auto rest = text.substr(of_cluster.size());;) {
      const auto end = rest.find(',');
      auto node = parse_address(rest.substr(0, end));
      if (!node) return node;
      if (!node->tcp || node->cluster()) return wrong("nodes of a cluster have TCP addresses");
      nodes.push_back(std::move(*node));
      if (end == std::string_view::npos) break;
      rest.remove_prefix(end + 1);
    }
    result = nodes.front();
    result.nodes = std::move(nodes);
    result.text = text;
    return result;
  }
  result.text = text;
  if (text.starts_with("unix:")) {
    const auto path = text.substr(5);
    if (path.empty() || path.size() >= sizeof(sockaddr_un{}.sun_path)) {
      return wrong("the path must have 1 to 107 bytes");
    }
    result.endpoint = asio::local::stream_protocol::endpoint(std::string(path));
    return result;
  }
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return wrong("no port");
  std::uint16_t port = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data() + colon + 1, end, port);
  if (error != std::errc{} || stop != end || port == 0) return wrong("the port must be 1 to 65535");
  auto host = std::string(text.substr(0, colon));
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  asio::io_context context;
  asio::ip::tcp::resolver resolver(context);
  boost::system::error_code failed;
  const auto found = resolver.resolve(host, std::to_string(port), failed);
  if (failed || found.empty()) return wrong("the host is not known");
  result.endpoint = found.begin()->endpoint();
  result.tcp = true;
  return result;
}

}  // namespace redis

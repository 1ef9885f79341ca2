#include "harness/client/target/here.hpp"

#include <netdb.h>
#include <sys/socket.h>

#include <boost/asio/ip/address_v6.hpp>

#include <algorithm>
#include <cstring>
#include <memory>

namespace client {

namespace {

using boost::asio::ip::address;

// A v4 address in v6 clothes is judged as the v4 address it is.
bool is_loopback(const address& where) {
  if (where.is_v6() && where.to_v6().is_v4_mapped()) {
    return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, where.to_v6()).is_loopback();
  }
  return where.is_loopback();
}

}  // namespace

resolve_host system_resolver() {
  return [](const std::string& host) {
    std::vector<address> out;
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (::getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) return out;
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, &::freeaddrinfo);
    for (const addrinfo* entry = found; entry != nullptr; entry = entry->ai_next) {
      if (entry->ai_family == AF_INET) {
        sockaddr_in in{};
        std::memcpy(&in, entry->ai_addr, sizeof in);
        out.emplace_back(boost::asio::ip::address_v4(ntohl(in.sin_addr.s_addr)));
      } else if (entry->ai_family == AF_INET6) {
        sockaddr_in6 in{};
        std::memcpy(&in, entry->ai_addr, sizeof in);
        boost::asio::ip::address_v6::bytes_type bytes{};
        std::memcpy(bytes.data(), &in.sin6_addr, bytes.size());
        out.emplace_back(boost::asio::ip::address_v6(bytes, in.sin6_scope_id));
      }
    }
    return out;
  };
}

bool is_here(const target& target, const resolve_host& resolve) {
  const auto here = [&](const url& where) {
    const std::vector<address> addresses = resolve(where.host);
    return !addresses.empty() && std::all_of(addresses.begin(), addresses.end(), is_loopback);
  };
  const auto all_here = [&](const std::vector<url>& urls) { return std::all_of(urls.begin(), urls.end(), here); };
  return all_here(target.base_urls) && all_here(target.direct_urls) && all_here(target.socket.urls);
}

}  // namespace client

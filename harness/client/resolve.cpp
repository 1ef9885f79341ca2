#include "harness/client/resolve.hpp"

#include <boost/asio/ip/address.hpp>

#include <string>
#include <utility>

namespace client {

void resolve(tcp_resolver& resolver, const url& where,
             std::function<void(const boost::system::error_code&, endpoints)> handler) {
  boost::system::error_code error;
  const auto numeric = asio::ip::make_address(where.host, error);
  if (!error) return handler(error, {asio::ip::tcp::endpoint(numeric, where.port)});
  resolver.async_resolve(where.host, std::to_string(where.port),
                         [handler = std::move(handler)](const boost::system::error_code& failed,
                                                        const tcp_resolver::results_type& results) {
                           endpoints found;
                           for (const auto& entry : results) found.push_back(entry.endpoint());
                           handler(failed, std::move(found));
                         });
}

}  // namespace client

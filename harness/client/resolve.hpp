// From a URL to endpoints: numeric addresses at once, names by the system's resolver. On the loop's thread.
#pragma once

#include "harness/client/net.hpp"
#include "harness/client/target/url.hpp"

#include <boost/system/error_code.hpp>

#include <functional>
#include <vector>

namespace client {

using endpoints = std::vector<asio::ip::tcp::endpoint>;

// Calls back from inside for a numeric address, else from the loop; operation_aborted when the resolver is destroyed or
// cancelled. No endpoints with an error only.
void resolve(tcp_resolver& resolver, const url& where,
             std::function<void(const boost::system::error_code&, endpoints)> handler);

}  // namespace client

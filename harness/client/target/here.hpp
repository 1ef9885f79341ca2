// Whether a target is on this machine. Load on anything else needs its owner's word. Blocking: resolves names.
#pragma once

#include "harness/client/target/target.hpp"

#include <boost/asio/ip/address.hpp>

#include <functional>
#include <string>
#include <vector>

namespace client {

// All addresses of a host, empty when it does not resolve.
using resolve_host = std::function<std::vector<boost::asio::ip::address>(const std::string& host)>;
resolve_host system_resolver();

// True when every address to which every base, direct and socket URL resolves is loopback. A name that does not resolve
// is not here.
bool is_here(const target& target, const resolve_host& resolve = system_resolver());

}  // namespace client

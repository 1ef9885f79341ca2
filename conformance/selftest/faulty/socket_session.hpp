// One WebSocket: `ready`, then a frame per message; what the client says is read and ignored. Lives as long as an
// operation is under way; one thread. Promises: `ready` only once the router knows the socket; no frame after the
// token's expiry (then 4401, within a second); a bounded queue (then 1013); a client that answers no ping is dropped.
#pragma once

#include "conformance/selftest/faulty/server.hpp"
#include "conformance/selftest/faulty/upgrade.hpp"

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

namespace faulty {

// `request` passed check_upgrade, which gave `opening`.
void start_socket_session(Server& server, TcpSocket socket,
                          const boost::beast::http::request<boost::beast::http::string_body>& request,
                          SocketOpening opening);

}  // namespace faulty

// One TCP connection speaking HTTP/1.1: reads requests one after another, hands them to the REST actions or turns into
// a socket, writes answers. Lives as long as an operation is under way; one thread. Promises: every wait ends (10 s for
// a header block, 30 s for a body, 60 s idle), answers keep the order of requests, an error that closes is still read.
#pragma once

#include "conformance/selftest/faulty/server.hpp"

namespace faulty {

void start_http_session(Server& server, TcpSocket socket);

}  // namespace faulty

// Tells the parent process that this one serves. Called once, from main's thread.
#pragma once

#include <boost/asio/ip/tcp.hpp>

#include <optional>

namespace ops {

// Writes {"listen":"HOST:PORT","admin":"HOST:PORT"} and a newline to the descriptor and closes it; `admin` is left out
// when there is no admin port. Does nothing for fd -1; a parent that has gone is no error.
void report_ready(int fd, const boost::asio::ip::tcp::endpoint& listen,
                  const std::optional<boost::asio::ip::tcp::endpoint>& admin);

}  // namespace ops

// The clock, the socket and the timer types of the client: every time in the harness is this monotonic clock's, every
// I/O object is bound to io_context's own executor (no type-erased executor, no hidden allocation).
#pragma once

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/basic_resolver.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>

namespace client {

namespace asio = boost::asio;

using clock = std::chrono::steady_clock;
using time_point = clock::time_point;

using executor = asio::io_context::executor_type;
using tcp_socket = asio::basic_stream_socket<asio::ip::tcp, executor>;
using tcp_resolver = asio::ip::basic_resolver<asio::ip::tcp, executor>;
using timer = asio::basic_waitable_timer<clock, asio::wait_traits<clock>, executor>;

}  // namespace client

// An address of this machine as text, "127.0.0.1:PORT" or the path of a unix socket, as the kernel takes it. Pure but
// for the two calls that make a socket.
#pragma once

#include "harness/stack/descriptor.hpp"
#include "harness/stack/failure.hpp"

#include <sys/socket.h>

#include <string>

namespace stack {

struct stream_address {
  sockaddr_storage value{};
  socklen_t length = 0;

  bool unix_socket() const noexcept { return value.ss_family == AF_UNIX; }
  const sockaddr* get() const noexcept { return reinterpret_cast<const sockaddr*>(&value); }
};

// Fails on anything else: another host, a port that is none, a path that is too long.
start_result<stream_address> parse_stream_address(const std::string& text);

// A listening socket, non-blocking. Port 0 is any free one; a unix socket's path must not exist.
start_result<descriptor> listen_at(const stream_address& where);
// As text again; with the port that listen_at() found.
std::string text_of_local(const descriptor& socket);
// A connected socket, non-blocking afterwards; closed when nobody listens. Waits at most a second.
descriptor connect_to(const stream_address& where);

}  // namespace stack

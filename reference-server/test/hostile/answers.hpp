// Whether what a server has said on one connection is what a sound server may say to anything: whole answers of HTTP
// with statuses that a client can cause, and after a 101 whole frames. Pure.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace hostile {

struct verdict {
  std::string finding;              // empty: nothing to be said against it
  std::map<std::string, int> seen;  // "201", "close 1002", "frame"
};

// `whole`: the server has ended the connection, so nothing may be cut off. `sent`: what it was an answer to; a close
// frame in it may be given back.
verdict judge(std::string_view answered, bool whole, std::string_view sent);

}  // namespace hostile

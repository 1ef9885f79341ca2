// Whether an HTTP server of this machine says that it is ready. Free function; blocks for 100 ms at most.
#pragma once

#include <string>

namespace stack {

// GET `path` at "127.0.0.1:PORT" is answered with 200.
bool says_ready(const std::string& address, const std::string& path);

}  // namespace stack

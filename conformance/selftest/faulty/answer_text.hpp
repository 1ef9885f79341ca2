// An answer as HTTP/1.1 bytes. Pure function.
#pragma once

#include "conformance/selftest/faulty/request.hpp"

#include <string>

namespace faulty {

// `head_only` leaves the body out but not its length; `close` announces the end of the connection.
std::string to_text(const Answer& answer, bool head_only, bool close);

}  // namespace faulty

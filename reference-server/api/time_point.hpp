// The times of rows: as exact as PostgreSQL keeps them, in UTC.
#pragma once

#include <chrono>

namespace api {

using time_point = std::chrono::sys_time<std::chrono::microseconds>;

}  // namespace api

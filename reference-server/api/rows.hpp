// Reading the rows of a PostgreSQL result in binary form, which spares the server to write numbers and times out and us
// to read them. Views point into the result.
#pragma once

#include "reference-server/api/time_point.hpp"

#include <libpq-fe.h>

#include <cstdint>
#include <string_view>

namespace api {

inline std::string_view text_at(const PGresult* rows, int row, int column) {
  return {PQgetvalue(rows, row, column), static_cast<std::size_t>(PQgetlength(rows, row, column))};
}

// A bigint: eight bytes, the highest first.
inline std::int64_t number_at(const PGresult* rows, int row, int column) {
  std::uint64_t number = 0;
  for (const char byte : text_at(rows, row, column)) {
    number = number << 8U | static_cast<unsigned char>(byte);
  }
  return static_cast<std::int64_t>(number);
}

// A timestamptz: microseconds since the year 2000.
inline time_point time_at(const PGresult* rows, int row, int column) {
  constexpr auto epoch = std::chrono::sys_days(std::chrono::year(2000) / 1 / 1);
  return epoch + std::chrono::microseconds(number_at(rows, row, column));
}

}  // namespace api

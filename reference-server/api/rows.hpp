// Reading the rows of a PostgreSQL result in binary form, which spares the server to write numbers and times out and us
// to read them. Views point into the result.
#pragma once

#include "reference-server/api/time_point.hpp"

#include <endian.h>
#include <libpq-fe.h>

#include <cstdint>
#include <cstring>
#include <string_view>

namespace api {

inline std::string_view text_at(const PGresult* rows, int row, int column) {
  return {PQgetvalue(rows, row, column), static_cast<std::size_t>(PQgetlength(rows, row, column))};
}

// A bigint: eight bytes, the highest first.
inline std::int64_t number_at(const PGresult* rows, int row, int column) {
  std::uint64_t number = 0;
  std::memcpy(&number, PQgetvalue(rows, row, column), sizeof number);
  return static_cast<std::int64_t>(be64toh(number));
}

// A timestamptz: microseconds since the year 2000.
inline time_point time_at(const PGresult* rows, int row, int column) {
  constexpr auto epoch = std::chrono::sys_days(std::chrono::year(2000) / 1 / 1);
  return epoch + std::chrono::microseconds(number_at(rows, row, column));
}

}  // namespace api

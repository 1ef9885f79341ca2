// Reading the rows of a PostgreSQL result in text form. Views point into the result.
#pragma once

#include <libpq-fe.h>

#include <charconv>
#include <cstdint>
#include <string_view>

namespace api {

inline std::string_view text_at(const PGresult* rows, int row, int column) {
  return {PQgetvalue(rows, row, column), static_cast<std::size_t>(PQgetlength(rows, row, column))};
}

inline std::int64_t number_at(const PGresult* rows, int row, int column) {
  const std::string_view text = text_at(rows, row, column);
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace api

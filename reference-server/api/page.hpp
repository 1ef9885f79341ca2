// Which part of a listing a client asks for. Pure.
#pragma once

#include <boost/system/result.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace api {

struct page {
  std::int64_t limit = 50;             // 1..200
  std::optional<std::int64_t> after;   // ids above it, the lowest first
  std::optional<std::int64_t> before;  // ids below it, the highest first; neither: the newest page
};

// Reads limit, after and (where `both_ways`) before from a query string; other parameters are ignored. The error is the
// sentence for the client's 400.
boost::system::result<page, std::string> parse_page(std::string_view query, bool both_ways);

// The value of a query parameter, percent-decoded. Nothing when it is absent; "" and `bad` for a broken escape or one
// that is given more than once.
std::optional<std::string> query_parameter(std::string_view query, std::string_view name, bool& bad);

// A decimal number without sign, 0..2^63-1.
std::optional<std::int64_t> parse_number(std::string_view digits);

}  // namespace api

// Reading the members of a JSON object whose document its schema has found valid: what is not there or of another type
// is a fault of ours and throws. Pure.
#pragma once

#include <boost/json/value.hpp>

#include <string>
#include <string_view>

namespace record {

inline std::string text(const boost::json::value& in, std::string_view key) {
  return std::string(in.at(key).as_string());
}

// Throws when the number is valid JSON and too large for its place.
template <typename Number>
Number number(const boost::json::value& in, std::string_view key) {
  return in.at(key).to_number<Number>();
}

}  // namespace record

#include "reference-server/api/cors.hpp"

#include <algorithm>

namespace api {

std::string cors::check(const std::string& origin) {
  const auto scheme = origin.find("://");
  const bool good =
      scheme != origin.npos && scheme > 0 && scheme + 3 < origin.size() &&
      origin.find_first_of("/?#@ *", scheme + 3) == origin.npos &&
      std::none_of(origin.begin(), origin.end(), [](char c) { return c <= ' ' || (c >= 'A' && c <= 'Z'); });
  return good ? ""
              : "'" + origin + "' is no origin; give one as browsers send it, for example https://chat.example.com";
}

bool cors::knows(const http::request& asked) const {
  const std::string_view* origin = asked.find("Origin");
  return origin != nullptr && std::find(origins_.begin(), origins_.end(), *origin) != origins_.end();
}

void cors::extend(const http::request& asked, http::response& answer) const {
  if (origins_.empty()) {
    return;
  }
  answer.headers += "Vary: Origin\r\n";  // also without one: a cache may not give this answer to another page
  if (knows(asked)) {
    answer.headers += "Access-Control-Allow-Origin: ";
    answer.headers += *asked.find("Origin");
    answer.headers += "\r\nAccess-Control-Expose-Headers: Location, Retry-After\r\n";
  }
}

void cors::allow(const http::request& asked, std::string_view methods, http::response& answer) const {
  if (!knows(asked) || asked.find("Access-Control-Request-Method") == nullptr) {
    return;
  }
  answer.headers += "Access-Control-Allow-Methods: ";
  answer.headers += methods;
  answer.headers +=
      "\r\nAccess-Control-Allow-Headers: Authorization, Content-Type, Idempotency-Key\r\n"
      "Access-Control-Max-Age: 600\r\n";
}

}  // namespace api

#include "harness/client/parts.hpp"

#include <boost/throw_exception.hpp>

#include <stdexcept>

namespace client {

std::string_view to_string(part_kind kind) noexcept {
  switch (kind) {
    case part_kind::api:
      return "api";
    case part_kind::gateway:
      return "gateway";
    case part_kind::database:
      return "database";
    case part_kind::broker:
      return "broker";
    case part_kind::balancer:
      return "balancer";
  }
  return "unknown";
}

void throw_exception_from_error(const parts_error& error, const boost::source_location& where) {
  boost::throw_exception(std::logic_error(error.what), where);
}

}  // namespace client

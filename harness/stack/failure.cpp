#include "harness/stack/failure.hpp"

#include <boost/throw_exception.hpp>

#include <stdexcept>
#include <system_error>

namespace stack {

void throw_exception_from_error(const start_error& error, const boost::source_location& where) {
  boost::throw_exception(std::runtime_error(error.what), where);
}

start_error system_failure(const std::string& doing, int number) {
  return {failure::internal, doing + ": " + std::generic_category().message(number)};
}

}  // namespace stack

#include "harness/stack/secret.hpp"

#include <sys/random.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <system_error>

namespace stack {

std::string new_secret() {
  std::array<unsigned char, 32> bytes{};
  if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    throw std::system_error(errno, std::generic_category(), "getrandom");
  }
  constexpr const char* digits = "0123456789abcdef";
  std::string text;
  for (const unsigned char byte : bytes) {
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

std::string read_secret(const std::filesystem::path& file) {
  std::ifstream reading(file);
  std::string line;
  std::getline(reading, line);
  return line;
}

}  // namespace stack

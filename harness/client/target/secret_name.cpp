#include "harness/client/target/secret_name.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

namespace client {

bool names_a_secret(std::string_view name) {
  constexpr std::array inside{"password", "passwd",    "passphrase", "passcode",     "pwd",
                              "secret",   "token",     "apikey",     "csrf",         "xsrf",
                              "jwt",      "sessionid", "credential", "authorization"};
  constexpr std::array whole{"auth", "bearer", "cookie", "sid", "session", "pass", "pw", "pin", "otp"};
  std::string letters;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalpha(byte) != 0) letters += static_cast<char>(std::tolower(byte));
  }
  return std::ranges::any_of(inside, [&](std::string_view word) { return letters.find(word) != letters.npos; }) ||
         std::ranges::find(whole, letters) != whole.end();
}

}  // namespace client

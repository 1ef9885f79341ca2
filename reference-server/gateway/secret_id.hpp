// Names that nobody can guess: 120 random bits as 20 characters of base64url, for session ids. A pure function but for
// the system's randomness; throws std::runtime_error when there is none.
#pragma once

#include "reference-server/token/base64url.hpp"

#include <openssl/rand.h>

#include <stdexcept>
#include <string>

namespace gateway {

inline std::string secret_id() {
  std::string bytes(15, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size())) != 1) {
    throw std::runtime_error("the system gives no random bytes");
  }
  return token::encode_base64url(bytes);
}

}  // namespace gateway

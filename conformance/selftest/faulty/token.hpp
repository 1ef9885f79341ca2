// JSON Web Tokens as the chat contract wants them: HS256 and nothing else, `sub` a user id, `exp` required, no leeway.
// Owned by main, no I/O, one thread.
#pragma once

#include "conformance/selftest/faulty/faults.hpp"

#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace faulty {

struct Identity {
  std::string user;
  double expires = 0;  // seconds since 1970; the token is void from here on
};

double now_seconds();

class TokenCheck {
 public:
  // The secret has at least 32 bytes.
  TokenCheck(std::string secret, Faults& faults) : secret_(std::move(secret)), faults_(faults) {}

  // Nothing when the token is not valid now.
  std::optional<Identity> verify(std::string_view token);

  // The user that a token claims, whether it is valid or not; empty when it cannot be read.
  static std::string claimed_user(std::string_view token);

  // A token of this user that is void from `expires` (seconds since 1970) on.
  std::string sign(std::string_view user, std::int64_t expires) const;

 private:
  std::string signature(std::string_view text) const;

  std::string secret_;
  Faults& faults_;
};

}  // namespace faulty

// The token both processes check, without a database: a JWT signed with HS256 over a shared secret.
// A `signer` is owned by its process and used on that process's one thread (it keeps a keyed HMAC context).
// It promises: the algorithm is exactly HS256, `crit` is refused, `sub` is a user id, `exp` is there and has not come
// (no leeway), `nbf` is honoured when present, signatures are compared in constant time, other claims are ignored.
#pragma once

#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace token {

using time_point = std::chrono::sys_time<std::chrono::microseconds>;

struct identity {
  std::string user;
  time_point expires_at;  // the token is void from this moment on
};

enum class error {
  malformed = 1,  // not three parts of strict base64url holding JSON objects
  algorithm,      // `alg` is not HS256
  critical,       // the header has `crit`
  signature,
  subject,  // `sub` is missing or no user id
  expiry,   // `exp` is missing or no number
  expired,
  not_yet_valid  // `nbf` lies ahead, or is no number
};
const boost::system::error_category& error_category() noexcept;
inline boost::system::error_code make_error_code(error e) noexcept {
  return {static_cast<int>(e), error_category()};
}

class signer {
 public:
  static constexpr std::size_t shortest_secret = 32;  // bytes

  // Throws std::invalid_argument when the secret is shorter than `shortest_secret`.
  explicit signer(std::string_view secret);
  ~signer();
  signer(const signer&) = delete;
  signer& operator=(const signer&) = delete;

  // Who presents this token at the time `now`; texts over 4 KiB are malformed. Never throws for what a client sent.
  boost::system::result<identity> verify(std::string_view jwt, time_point now) const;

  // A token for a user id (not checked here), void from `expires_at` on, which is cut to whole seconds.
  std::string mint(std::string_view user, time_point expires_at) const;

 private:
  struct keyed_hmac;
  std::unique_ptr<keyed_hmac> hmac_;
};

}  // namespace token

template <>
struct boost::system::is_error_code_enum<token::error> : std::true_type {};

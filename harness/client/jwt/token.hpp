// JSON Web Tokens for simulated users: good ones (HS256, RS256) and deliberately bad ones. Pure functions, any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace client::jwt {

using wall_time = std::chrono::sys_seconds;

enum class algorithm : std::uint8_t { hs256, rs256 };

// How tokens are signed, and what they say besides sub, iat and exp.
struct signing {
  algorithm by = algorithm::hs256;
  std::string_view key;          // the secret, or a private key in PEM
  std::string_view claims = {};  // a JSON object, or nothing
};

// `user` becomes sub, `issued + ttl` exp (whole seconds); ttl may be negative or zero: a token that has expired.
std::string mint(std::string_view secret, std::string_view user, wall_time issued, std::chrono::seconds ttl);
// Throws std::runtime_error when the key is none.
std::string mint(const signing& with, std::string_view user, wall_time issued, std::chrono::seconds ttl);

// What no server may accept.
enum class flaw : std::uint8_t {
  garbage,    // not a token at all
  expired,    // well signed, exp one minute before `now`
  wrong_key,  // signed with another secret
  alg_none,   // "alg":"none", no signature
  no_exp,     // well signed, no exp
  not_yet,    // well signed, nbf one hour after `now`
  tampered,   // sub changed after signing
};
std::string mint_bad(flaw flaw, std::string_view secret, std::string_view user, wall_time now);
std::string mint_bad(flaw flaw, const signing& with, std::string_view user, wall_time now);

// "garbage", "expired", "wrong-key", "alg-none", …: the variant's name in verdicts.
std::string_view to_string(flaw flaw) noexcept;

wall_time wall_now() noexcept;

}  // namespace client::jwt

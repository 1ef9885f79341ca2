#include "harness/client/jwt/token.hpp"

#include "harness/client/jwt/base64url.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <array>
#include <optional>
#include <stdexcept>

namespace client::jwt {

namespace {

std::string hmac_sha256(std::string_view key, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (::HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
             reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &size) == nullptr) {
    throw std::runtime_error("HMAC-SHA256 failed");
  }
  return {reinterpret_cast<const char*>(digest.data()), size};
}

struct claims {
  std::string_view sub;
  std::optional<std::int64_t> iat = {};
  std::optional<std::int64_t> nbf = {};
  std::optional<std::int64_t> exp = {};
};

std::string encode(const claims& c) {
  boost::json::object out;
  out["sub"] = boost::json::string_view(c.sub.data(), c.sub.size());
  if (c.iat) out["iat"] = *c.iat;
  if (c.nbf) out["nbf"] = *c.nbf;
  if (c.exp) out["exp"] = *c.exp;
  return base64url(boost::json::serialize(out));
}

std::string sign(std::string_view secret, const claims& c) {
  const std::string signed_part = base64url(R"({"alg":"HS256","typ":"JWT"})") + "." + encode(c);
  return signed_part + "." + base64url(hmac_sha256(secret, signed_part));
}

std::int64_t seconds(wall_time time) {
  return time.time_since_epoch().count();
}

}  // namespace

std::string mint(std::string_view secret, std::string_view user, wall_time issued, std::chrono::seconds ttl) {
  return sign(secret, {.sub = user, .iat = seconds(issued), .exp = seconds(issued + ttl)});
}

std::string mint_bad(flaw flaw, std::string_view secret, std::string_view user, wall_time now) {
  const std::int64_t at = seconds(now);
  const std::int64_t later = at + 3600;
  switch (flaw) {
    case flaw::garbage:
      return "this-is-not-a-token";
    case flaw::expired:
      return sign(secret, {.sub = user, .iat = at - 3600, .exp = at - 60});
    case flaw::wrong_key: {
      // As long as the right one, and different from it in every byte.
      std::string other(secret);
      for (char& c : other) c = static_cast<char>(c ^ 0x55);
      return sign(other, {.sub = user, .iat = at, .exp = later});
    }
    case flaw::alg_none:
      return base64url(R"({"alg":"none","typ":"JWT"})") + "." + encode({.sub = user, .iat = at, .exp = later}) + ".";
    case flaw::no_exp:
      return sign(secret, {.sub = user, .iat = at});
    case flaw::not_yet:
      return sign(secret, {.sub = user, .iat = at, .nbf = later, .exp = later + 3600});
    case flaw::tampered: {
      const std::string honest = sign(secret, {.sub = "somebody-else", .iat = at, .exp = later});
      const std::string forged = sign(secret, {.sub = user, .iat = at, .exp = later});
      return forged.substr(0, forged.rfind('.')) + honest.substr(honest.rfind('.'));
    }
  }
  return {};
}

std::string_view to_string(flaw flaw) noexcept {
  switch (flaw) {
    case flaw::garbage:
      return "garbage";
    case flaw::expired:
      return "expired";
    case flaw::wrong_key:
      return "wrong-key";
    case flaw::alg_none:
      return "alg-none";
    case flaw::no_exp:
      return "no-exp";
    case flaw::not_yet:
      return "not-yet";
    case flaw::tampered:
      return "tampered";
  }
  return "unknown";
}

wall_time wall_now() noexcept {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

}  // namespace client::jwt

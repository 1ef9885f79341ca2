#include "harness/client/jwt/token.hpp"

#include "harness/client/jwt/base64url.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <array>
#include <memory>
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

std::string encode(std::string_view extra, const claims& c) {
  boost::json::object out;
  if (!extra.empty()) out = boost::json::parse(boost::json::string_view(extra.data(), extra.size())).as_object();
  out["sub"] = boost::json::string_view(c.sub.data(), c.sub.size());
  if (c.iat) out["iat"] = *c.iat;
  if (c.nbf) out["nbf"] = *c.nbf;
  if (c.exp) out["exp"] = *c.exp;
  return base64url(boost::json::serialize(out));
}

using key_pointer = std::unique_ptr<EVP_PKEY, decltype(&::EVP_PKEY_free)>;

key_pointer read_key(std::string_view pem) {
  const std::unique_ptr<BIO, decltype(&::BIO_free)> text(::BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())),
                                                         &::BIO_free);
  key_pointer key(::PEM_read_bio_PrivateKey(text.get(), nullptr, nullptr, nullptr), &::EVP_PKEY_free);
  if (!key) throw std::runtime_error("the private key cannot be read");
  return key;
}

std::string rsa_sha256(EVP_PKEY* key, std::string_view text) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&::EVP_MD_CTX_free)> context(::EVP_MD_CTX_new(), &::EVP_MD_CTX_free);
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  std::size_t size = 0;
  if (::EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key) != 1 ||
      ::EVP_DigestSign(context.get(), nullptr, &size, bytes, text.size()) != 1) {
    throw std::runtime_error("RSA-SHA256 failed");
  }
  std::string out(size, '\0');
  if (::EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size, bytes, text.size()) != 1) {
    throw std::runtime_error("RSA-SHA256 failed");
  }
  out.resize(size);
  return out;
}

std::string signature(const signing& with, std::string_view text, bool by_a_stranger) {
  if (with.by == algorithm::rs256) {
    const key_pointer key = by_a_stranger ? key_pointer(::EVP_RSA_gen(2048), &::EVP_PKEY_free) : read_key(with.key);
    return rsa_sha256(key.get(), text);
  }
  if (!by_a_stranger) return hmac_sha256(with.key, text);
  // As long as the right one, and different from it in every byte.
  std::string other(with.key);
  for (char& c : other) c = static_cast<char>(c ^ 0x55);
  return hmac_sha256(other, text);
}

std::string sign(const signing& with, const claims& c, bool by_a_stranger = false) {
  const std::string_view header =
      with.by == algorithm::hs256 ? R"({"alg":"HS256","typ":"JWT"})" : R"({"alg":"RS256","typ":"JWT"})";
  const std::string signed_part = base64url(header) + "." + encode(with.claims, c);
  return signed_part + "." + base64url(signature(with, signed_part, by_a_stranger));
}

std::int64_t seconds(wall_time time) {
  return time.time_since_epoch().count();
}

}  // namespace

std::string mint(std::string_view secret, std::string_view user, wall_time issued, std::chrono::seconds ttl) {
  return mint(signing{.key = secret}, user, issued, ttl);
}

std::string mint(const signing& with, std::string_view user, wall_time issued, std::chrono::seconds ttl) {
  return sign(with, {.sub = user, .iat = seconds(issued), .exp = seconds(issued + ttl)});
}

std::string mint_bad(flaw flaw, std::string_view secret, std::string_view user, wall_time now) {
  return mint_bad(flaw, signing{.key = secret}, user, now);
}

std::string mint_bad(flaw flaw, const signing& with, std::string_view user, wall_time now) {
  const std::int64_t at = seconds(now);
  const std::int64_t later = at + 3600;
  switch (flaw) {
    case flaw::garbage:
      return "this-is-not-a-token";
    case flaw::expired:
      return sign(with, {.sub = user, .iat = at - 3600, .exp = at - 60});
    case flaw::wrong_key:
      return sign(with, {.sub = user, .iat = at, .exp = later}, true);
    case flaw::alg_none:
      return base64url(R"({"alg":"none","typ":"JWT"})") + "." +
             encode(with.claims, {.sub = user, .iat = at, .exp = later}) + ".";
    case flaw::no_exp:
      return sign(with, {.sub = user, .iat = at});
    case flaw::not_yet:
      return sign(with, {.sub = user, .iat = at, .nbf = later, .exp = later + 3600});
    case flaw::tampered: {
      const std::string honest = sign(with, {.sub = "somebody-else", .iat = at, .exp = later});
      const std::string forged = sign(with, {.sub = user, .iat = at, .exp = later});
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

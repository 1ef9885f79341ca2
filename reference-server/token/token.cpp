#include "reference-server/token/token.hpp"

#include "reference-server/token/base64url.hpp"
#include "reference-server/token/user_id.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <array>
#include <cmath>
#include <optional>
#include <stdexcept>

namespace token {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_token = 4096;
constexpr std::size_t digest_size = 32;
constexpr std::string_view own_header = R"({"alg":"HS256","typ":"JWT"})";

class category : public boost::system::error_category {
  const char* name() const noexcept override { return "token"; }
  std::string message(int value) const override {
    switch (static_cast<error>(value)) {
      case error::malformed:
        return "the token is not a JWT";
      case error::algorithm:
        return "the token is not signed with HS256";
      case error::critical:
        return "the token asks for extensions (crit)";
      case error::signature:
        return "the token's signature is wrong";
      case error::subject:
        return "the token names no user (sub)";
      case error::expiry:
        return "the token has no expiry (exp)";
      case error::expired:
        return "the token has expired";
      case error::not_yet_valid:
        return "the token is not valid yet (nbf)";
    }
    return "unknown token error";
  }
};

// A claim that is a moment, in microseconds since 1970; far values are held to what a time_point can carry.
std::optional<time_point> moment_of(const json::value& claim) {
  double seconds = 0;
  if (claim.is_int64()) {
    seconds = static_cast<double>(claim.get_int64());
  } else if (claim.is_uint64()) {
    seconds = static_cast<double>(claim.get_uint64());
  } else if (claim.is_double()) {
    seconds = claim.get_double();
  } else {
    return std::nullopt;
  }
  constexpr double far = 9e12;
  seconds = std::fmin(std::fmax(seconds, -far), far);
  return time_point(std::chrono::microseconds(std::llround(seconds * 1e6)));
}

boost::system::result<void> check_header(const json::value& header) {
  const json::object* object = header.if_object();
  if (object == nullptr) {
    return error::malformed;
  }
  const json::value* algorithm = object->if_contains("alg");
  if (algorithm == nullptr || !algorithm->is_string() || algorithm->get_string() != "HS256") {
    return error::algorithm;
  }
  if (object->contains("crit")) {
    return error::critical;
  }
  return {};
}

boost::system::result<identity> check_claims(const json::value& claims, time_point now) {
  const json::object* object = claims.if_object();
  if (object == nullptr) {
    return error::malformed;
  }
  const json::value* subject = object->if_contains("sub");
  if (subject == nullptr || !subject->is_string() || !is_user_id(subject->get_string())) {
    return error::subject;
  }
  const json::value* expiry = object->if_contains("exp");
  const auto expires_at = expiry == nullptr ? std::nullopt : moment_of(*expiry);
  if (!expires_at) {
    return error::expiry;
  }
  if (now >= *expires_at) {
    return error::expired;
  }
  if (const json::value* not_before = object->if_contains("nbf")) {
    const auto valid_from = moment_of(*not_before);
    if (!valid_from || now < *valid_from) {
      return error::not_yet_valid;
    }
  }
  return identity{std::string(subject->get_string()), *expires_at};
}

}  // namespace

const boost::system::error_category& error_category() noexcept {
  static const category instance;
  return instance;
}

struct signer::keyed_hmac {
  EVP_MAC* algorithm = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  EVP_MAC_CTX* context = EVP_MAC_CTX_new(algorithm);

  ~keyed_hmac() {
    EVP_MAC_CTX_free(context);
    EVP_MAC_free(algorithm);
  }

  // Starting again without a key keeps the key that is set: its schedule is computed once per process.
  std::array<unsigned char, digest_size> sign(std::string_view text) {
    std::array<unsigned char, digest_size> digest{};
    std::size_t size = 0;
    if (EVP_MAC_init(context, nullptr, 0, nullptr) != 1 ||
        EVP_MAC_update(context, reinterpret_cast<const unsigned char*>(text.data()), text.size()) != 1 ||
        EVP_MAC_final(context, digest.data(), &size, digest.size()) != 1 || size != digest_size) {
      throw std::runtime_error("HMAC-SHA256 failed");
    }
    return digest;
  }
};

signer::signer(std::string_view secret) : hmac_(std::make_unique<keyed_hmac>()) {
  if (secret.size() < shortest_secret) {
    throw std::invalid_argument("the secret has to be at least 32 bytes long");
  }
  char digest_name[] = "SHA256";
  const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest_name, 0),
                                   OSSL_PARAM_construct_end()};
  if (EVP_MAC_init(hmac_->context, reinterpret_cast<const unsigned char*>(secret.data()), secret.size(), parameters) !=
      1) {
    throw std::runtime_error("HMAC-SHA256 is not available in this OpenSSL");
  }
}

signer::~signer() = default;

boost::system::result<identity> signer::verify(std::string_view jwt, time_point now) const {
  const auto first_dot = jwt.find('.');
  const auto second_dot = first_dot == jwt.npos ? jwt.npos : jwt.find('.', first_dot + 1);
  if (jwt.size() > longest_token || second_dot == jwt.npos || jwt.find('.', second_dot + 1) != jwt.npos) {
    return error::malformed;
  }
  const auto header_text = decode_base64url(jwt.substr(0, first_dot));
  const auto claims_text = decode_base64url(jwt.substr(first_dot + 1, second_dot - first_dot - 1));
  const auto signature = decode_base64url(jwt.substr(second_dot + 1));
  if (!header_text || !claims_text || !signature) {
    return error::malformed;
  }
  std::array<unsigned char, 4096> arena;
  json::monotonic_resource memory(arena.data(), arena.size());
  boost::system::error_code failed;
  if (*header_text != own_header) {  // our own header needs no parse
    const json::value header = json::parse(*header_text, failed, &memory);
    if (failed) {
      return error::malformed;
    }
    if (const auto checked = check_header(header); checked.has_error()) {
      return checked.error();
    }
  }
  const auto expected = hmac_->sign(jwt.substr(0, second_dot));
  if (signature->size() != digest_size || CRYPTO_memcmp(signature->data(), expected.data(), digest_size) != 0) {
    return error::signature;
  }
  const json::value claims = json::parse(*claims_text, failed, &memory);
  if (failed) {
    return error::malformed;
  }
  return check_claims(claims, now);
}

std::string signer::mint(std::string_view user, time_point expires_at) const {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(expires_at).time_since_epoch().count();
  std::string jwt = encode_base64url(own_header);
  jwt += '.';
  jwt += encode_base64url("{\"sub\":\"" + std::string(user) + "\",\"exp\":" + std::to_string(seconds) + "}");
  const auto digest = hmac_->sign(jwt);
  jwt += '.';
  jwt += encode_base64url({reinterpret_cast<const char*>(digest.data()), digest.size()});
  return jwt;
}

}  // namespace token

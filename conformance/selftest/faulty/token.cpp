#include "conformance/selftest/faulty/token.hpp"

#include "conformance/selftest/faulty/chat.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <boost/json.hpp>

#include <chrono>
#include <cmath>
#include <limits>

namespace faulty {
namespace {

constexpr std::size_t longest_token = 8192;
constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string base64url(std::string_view bytes) {
  std::string out;
  unsigned held = 0;
  int bits = 0;
  for (const char c : bytes) {
    held = (held << 8 | static_cast<unsigned char>(c)) & 0xffffff;
    for (bits += 8; bits >= 6;) out += alphabet[held >> (bits -= 6) & 63];
  }
  if (bits > 0) out += alphabet[held << (6 - bits) & 63];
  return out;
}

std::optional<std::string> from_base64url(std::string_view text) {
  std::string out;
  unsigned held = 0;
  int bits = 0;
  for (const char c : text) {
    const auto digit = alphabet.find(c);
    if (digit == alphabet.npos) return std::nullopt;
    held = (held << 6 | static_cast<unsigned>(digit)) & 0xffffff;
    bits += 6;
    if (bits >= 8) out += static_cast<char>(held >> (bits -= 8) & 255);
  }
  return out;
}

std::optional<boost::json::object> json_part(std::string_view part) {
  const auto text = from_base64url(part);
  boost::system::error_code error;
  if (!text) return std::nullopt;
  const auto value = boost::json::parse(*text, error);
  if (error || !value.is_object()) return std::nullopt;
  return value.get_object();
}

// The number of a claim; nothing when it is absent or no finite number.
std::optional<double> number(const boost::json::object& claims, std::string_view name) {
  const auto* claim = claims.if_contains(name);
  boost::system::error_code error;
  if (claim == nullptr || !claim->is_number()) return std::nullopt;
  const double value = claim->to_number<double>(error);
  return error || !std::isfinite(value) ? std::nullopt : std::optional(value);
}

}  // namespace

double now_seconds() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::string TokenCheck::signature(std::string_view text) const {
  unsigned char mac[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  HMAC(EVP_sha256(), secret_.data(), static_cast<int>(secret_.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac, &size);
  return base64url({reinterpret_cast<const char*>(mac), size});
}

std::optional<Identity> TokenCheck::verify(std::string_view token) {
  if (token.size() > longest_token) return std::nullopt;
  const auto first = token.find('.');
  const auto last = token.rfind('.');
  if (first == token.npos || first == last || token.find('.', first + 1) != last) return std::nullopt;
  const auto header = json_part(token.substr(0, first));
  if (!header || header->contains("crit")) return std::nullopt;
  const auto* alg = header->if_contains("alg");
  if (alg == nullptr || !alg->is_string() || alg->get_string() != "HS256") return std::nullopt;
  // Signatures are compared as text: two spellings of the same bytes are not the same signature.
  const std::string expected = signature(token.substr(0, last));
  const auto given = token.substr(last + 1);
  if (given.size() != expected.size() || CRYPTO_memcmp(given.data(), expected.data(), expected.size()) != 0)
    return std::nullopt;
  const auto claims = json_part(token.substr(first + 1, last - first - 1));
  if (!claims) return std::nullopt;
  const auto* sub = claims->if_contains("sub");
  const auto expires = number(*claims, "exp");
  if (sub == nullptr || !sub->is_string() || !is_user_id(std::string_view(sub->get_string())) || !expires)
    return std::nullopt;
  const double now = now_seconds();
  if (claims->contains("nbf")) {
    const auto not_before = number(*claims, "nbf");
    if (!not_before || now < *not_before) return std::nullopt;
  }
  Identity identity{std::string(std::string_view(sub->get_string())), *expires};
  if (now >= *expires) {
    if (!faults_.strikes(Fault::expired_token_accepted)) return std::nullopt;
    faults_.note(Fault::expired_token_accepted, {.user = identity.user});
  }
  if (faults_.is_on(Fault::expired_token_accepted)) identity.expires = std::numeric_limits<double>::infinity();
  return identity;
}

std::string TokenCheck::claimed_user(std::string_view token) {
  const auto first = token.find('.');
  if (first == token.npos) return {};
  const auto claims = json_part(token.substr(first + 1, token.find('.', first + 1) - first - 1));
  const auto* sub = claims ? claims->if_contains("sub") : nullptr;
  if (sub == nullptr || !sub->is_string()) return {};
  const std::string user(std::string_view(sub->get_string()));
  return is_user_id(user) ? user : std::string();
}

std::string TokenCheck::sign(std::string_view user, std::int64_t expires) const {
  const std::string text = base64url(R"({"alg":"HS256","typ":"JWT"})") + '.' +
                           base64url(fmt::format(R"({{"sub":"{}","exp":{}}})", user, expires));
  return text + '.' + signature(text);
}

}  // namespace faulty

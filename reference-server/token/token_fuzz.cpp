// libFuzzer target of the token check: bytes as they come, which must never be taken; and header and claims of the
// input under a good signature, which are taken only when the claims hold.
#include "reference-server/token/base64url.hpp"
#include "reference-server/token/token.hpp"
#include "reference-server/token/user_id.hpp"

#include <openssl/hmac.h>

#include <array>
#include <cstdlib>
#include <string>

namespace {

constexpr std::string_view secret = "0123456789abcdef0123456789abcdef";

void expect(bool holds) {
  if (!holds) std::abort();
}

std::string signature_of(const std::string& text) {
  std::array<unsigned char, 32> digest;
  unsigned size = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &size);
  return token::encode_base64url({reinterpret_cast<const char*>(digest.data()), size});
}

// Each text of base64url stands for other bytes.
void check_base64url(std::string_view text) {
  if (const auto bytes = token::decode_base64url(text)) expect(token::encode_base64url(*bytes) == text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace std::chrono_literals;
  static const token::signer signer(secret);
  const token::time_point now{1'800'000'000'000'000us};
  const std::string text(reinterpret_cast<const char*>(data), size);
  check_base64url(text);
  expect(signer.verify(text, now).has_error());
  const auto end = std::min(text.find('\n'), text.size());
  std::string jwt = token::encode_base64url(text.substr(0, end)) + '.' +
                    token::encode_base64url(text.substr(std::min(end + 1, text.size())));
  jwt += '.' + signature_of(jwt);
  if (const auto who = signer.verify(jwt, now)) {
    expect(token::is_user_id(who->user) && who->expires_at > now && jwt.size() <= 4096);
    jwt.back() = jwt.back() == 'A' ? 'E' : 'A';
    expect(signer.verify(jwt, now).has_error());
  }
  return 0;
}

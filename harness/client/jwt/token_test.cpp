#include "harness/client/jwt/token.hpp"

#include "harness/client/jwt/base64url.hpp"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <memory>
#include <set>

namespace client::jwt {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view secret = "0123456789abcdef0123456789abcdef";
const wall_time at{std::chrono::seconds(1'700'000'000)};

TEST(Base64Url, Rfc4648Vectors) {
  EXPECT_EQ(base64url(""), "");
  EXPECT_EQ(base64url("f"), "Zg");
  EXPECT_EQ(base64url("fo"), "Zm8");
  EXPECT_EQ(base64url("foo"), "Zm9v");
  EXPECT_EQ(base64url("foob"), "Zm9vYg");
  EXPECT_EQ(base64url("fooba"), "Zm9vYmE");
  EXPECT_EQ(base64url("foobar"), "Zm9vYmFy");
  EXPECT_EQ(base64url("\xFB\xFF\xBF"), "-_-_");
}

// Computed with Python's hmac and base64.
TEST(Mint, IsWhatOthersCompute) {
  EXPECT_EQ(mint(secret, "alice", at, 1h),
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
            "eyJzdWIiOiJhbGljZSIsImlhdCI6MTcwMDAwMDAwMCwiZXhwIjoxNzAwMDAzNjAwfQ."
            "B5vWXHhsUo6l84gIB5FOXK0ItITzejyoRjel1C1Oyfs");
}

// A private key and what OpenSSL says of signatures by it.
class rsa_key {
 public:
  std::string pem() const {
    const std::unique_ptr<BIO, decltype(&::BIO_free)> out(::BIO_new(::BIO_s_mem()), &::BIO_free);
    ::PEM_write_bio_PrivateKey(out.get(), key_.get(), nullptr, nullptr, 0, nullptr, nullptr);
    char* text = nullptr;
    const long size = ::BIO_get_mem_data(out.get(), &text);
    return {text, static_cast<std::size_t>(size)};
  }

  // Of the base64url text behind the last dot, by trying: the signature of what stands before it, made again.
  bool signed_this(const std::string& token) const {
    const auto dot = token.rfind('.');
    const std::unique_ptr<EVP_MD_CTX, decltype(&::EVP_MD_CTX_free)> context(::EVP_MD_CTX_new(), &::EVP_MD_CTX_free);
    std::string signature(256, 'x');
    std::size_t size = signature.size();
    ::EVP_DigestSignInit(context.get(), nullptr, ::EVP_sha256(), nullptr, key_.get());
    ::EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                     reinterpret_cast<const unsigned char*>(token.data()), dot);
    return base64url(signature.substr(0, size)) == token.substr(dot + 1);  // PKCS #1 v1.5 has one signature
  }

 private:
  std::unique_ptr<EVP_PKEY, decltype(&::EVP_PKEY_free)> key_{::EVP_RSA_gen(2048), &::EVP_PKEY_free};
};

TEST(Mint, ByAPrivateKey) {
  const rsa_key key;
  const std::string pem = key.pem();
  const signing with{.by = algorithm::rs256, .key = pem, .claims = R"({"role":"member","n":3})"};
  const std::string token = mint(with, "alice", at, 1h);
  EXPECT_TRUE(
      token.starts_with(base64url(R"({"alg":"RS256","typ":"JWT"})") + "." +
                        base64url(R"({"role":"member","n":3,"sub":"alice","iat":1700000000,"exp":1700003600})")));
  EXPECT_TRUE(key.signed_this(token));
  EXPECT_FALSE(key.signed_this(mint_bad(flaw::wrong_key, with, "alice", at)));
  EXPECT_FALSE(key.signed_this(mint_bad(flaw::tampered, with, "alice", at)));
  EXPECT_TRUE(key.signed_this(mint_bad(flaw::expired, with, "alice", at)));
  EXPECT_THROW(mint({.by = algorithm::rs256, .key = "none"}, "alice", at, 1h), std::runtime_error);
}

TEST(Mint, UserIsEscapedAsJson) {
  const std::string token = mint(secret, "a\"b", at, 1h);
  EXPECT_NE(token.find(base64url(R"({"sub":"a\"b","iat":1700000000,"exp":1700003600})")), std::string::npos);
}

std::string payload_of(const std::string& token) {
  const auto first = token.find('.');
  return token.substr(first + 1, token.rfind('.') - first - 1);
}

TEST(MintBad, EachFlawIsItsOwn) {
  std::set<std::string> all{mint(secret, "alice", at, 1h)};
  for (const flaw each :
       {flaw::garbage, flaw::expired, flaw::wrong_key, flaw::alg_none, flaw::no_exp, flaw::not_yet, flaw::tampered}) {
    EXPECT_TRUE(all.insert(mint_bad(each, secret, "alice", at)).second) << to_string(each);
    EXPECT_NE(to_string(each), "unknown");
  }
}

TEST(MintBad, ExpiredIsWellSigned) {
  EXPECT_EQ(mint_bad(flaw::expired, secret, "alice", at), mint(secret, "alice", at - 1h, 1h - 1min));
}

TEST(MintBad, WrongKeyAndTamperedDifferOnlyInTheSignature) {
  const std::string good = mint(secret, "alice", at, 1h);
  const std::string signed_part = good.substr(0, good.rfind('.'));
  for (const flaw each : {flaw::wrong_key, flaw::tampered}) {
    const std::string bad = mint_bad(each, secret, "alice", at);
    EXPECT_EQ(bad.substr(0, bad.rfind('.')), signed_part);
    EXPECT_EQ(bad.size(), good.size());
    EXPECT_NE(bad, good);
  }
}

TEST(MintBad, AlgNoneHasAnEmptySignature) {
  const std::string bad = mint_bad(flaw::alg_none, secret, "alice", at);
  EXPECT_EQ(bad.back(), '.');
  EXPECT_EQ(bad.substr(0, bad.find('.')), base64url(R"({"alg":"none","typ":"JWT"})"));
}

TEST(MintBad, NoExpHasNone) {
  EXPECT_EQ(payload_of(mint_bad(flaw::no_exp, secret, "alice", at)), base64url(R"({"sub":"alice","iat":1700000000})"));
}

}  // namespace
}  // namespace client::jwt

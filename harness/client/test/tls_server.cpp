#include "harness/client/test/tls_server.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <stdexcept>

namespace client::test {

namespace {

void insist(bool holds, const char* what) {
  if (!holds) throw std::runtime_error(what);
}

template <class Write>
void write_file(const std::string& path, Write write) {
  std::FILE* file = std::fopen(path.c_str(), "w");
  insist(file != nullptr, "a file of the test");
  const bool written = write(file) == 1;
  std::fclose(file);
  insist(written, "a file of the test");
}

}  // namespace

certificate::certificate(const std::string& names, int days) {
  std::string folder = (std::filesystem::temp_directory_path() / "tls-XXXXXX").string();
  insist(::mkdtemp(folder.data()) != nullptr, "a folder of the test");
  folder_ = folder;
  const std::unique_ptr<EVP_PKEY, decltype(&::EVP_PKEY_free)> pair(EVP_EC_gen("P-256"), &::EVP_PKEY_free);
  const std::unique_ptr<X509, decltype(&::X509_free)> made(::X509_new(), &::X509_free);
  insist(pair && made, "a key of the test");
  ::X509_set_version(made.get(), 2);
  ::ASN1_INTEGER_set(::X509_get_serialNumber(made.get()), 1);
  ::X509_gmtime_adj(::X509_getm_notBefore(made.get()), -20L * 86'400);
  ::X509_gmtime_adj(::X509_getm_notAfter(made.get()), days * 86'400L);
  ::X509_set_pubkey(made.get(), pair.get());
  X509_NAME* name = ::X509_get_subject_name(made.get());
  ::X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("test"), -1, -1, 0);
  ::X509_set_issuer_name(made.get(), name);
  X509_EXTENSION* extension = ::X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, names.c_str());
  insist(extension != nullptr, "the names of the test's certificate");
  ::X509_add_ext(made.get(), extension, -1);
  ::X509_EXTENSION_free(extension);
  insist(::X509_sign(made.get(), pair.get(), ::EVP_sha256()) > 0, "a signature of the test");
  write_file(file(), [&](std::FILE* to) { return ::PEM_write_X509(to, made.get()); });
  write_file(key(), [&](std::FILE* to) {
    return ::PEM_write_PrivateKey(to, pair.get(), nullptr, nullptr, 0, nullptr, nullptr);
  });
}

certificate::~certificate() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

struct tls_server::conversation {
  std::unique_ptr<SSL, decltype(&::SSL_free)> session{nullptr, &::SSL_free};
  std::string plain;
};

tls_server::tls_server(asio::io_context& io, const certificate& own, talk answer, const certificate* clients)
    : context_(::SSL_CTX_new(::TLS_server_method()), &::SSL_CTX_free), answer_(std::move(answer)) {
  insist(::SSL_CTX_use_certificate_file(context_.get(), own.file().c_str(), SSL_FILETYPE_PEM) == 1, "certificate");
  insist(::SSL_CTX_use_PrivateKey_file(context_.get(), own.key().c_str(), SSL_FILETYPE_PEM) == 1, "key");
  if (clients != nullptr) {
    ::SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    insist(::SSL_CTX_load_verify_locations(context_.get(), clients->file().c_str(), nullptr) == 1, "clients");
  }
  server_ = std::make_unique<server>(io, [this](peer& accepted) {
    auto with = std::make_shared<conversation>();
    with->session.reset(::SSL_new(context_.get()));
    ::SSL_set_bio(with->session.get(), ::BIO_new(::BIO_s_mem()), ::BIO_new(::BIO_s_mem()));
    ::SSL_set_accept_state(with->session.get());
    accepted.on_bytes = [this, with](peer& from) { serve(from, *with); };
  });
}

tls_server::~tls_server() = default;

void tls_server::serve(peer& from, conversation& with) {
  SSL* session = with.session.get();
  ::BIO_write(::SSL_get_rbio(session), from.received.data(), static_cast<int>(from.received.size()));
  from.received.clear();
  bool over = false;
  if (::SSL_is_init_finished(session) == 0) {
    const int result = ::SSL_do_handshake(session);
    const int why = ::SSL_get_error(session, result);
    over = result != 1 && why != SSL_ERROR_WANT_READ;
    failed = failed || over;
    if (const char* name = ::SSL_get_servername(session, TLSEXT_NAMETYPE_host_name)) asked_for = name;
    if (result == 1) ++handshakes;
  }
  if (::SSL_is_init_finished(session) == 1) {
    std::array<char, 16384> buffer{};
    for (int size = 0; (size = ::SSL_read(session, buffer.data(), static_cast<int>(buffer.size()))) > 0;) {
      with.plain.append(buffer.data(), static_cast<std::size_t>(size));
    }
    const std::string answer = with.plain.empty() ? "" : answer_(with.plain);
    for (std::size_t at = 0; at < answer.size();) {
      const std::size_t size = std::min(answer.size() - at, piece > 0 ? piece : answer.size());
      ::SSL_write(session, answer.data() + at, static_cast<int>(size));
      at += size;
    }
  }
  BIO* out = ::SSL_get_wbio(session);
  std::string encrypted(static_cast<std::size_t>(::BIO_ctrl_pending(out)), '\0');
  if (!encrypted.empty()) {
    ::BIO_read(out, encrypted.data(), static_cast<int>(encrypted.size()));
    from.write(std::move(encrypted));
  }
  if (over) from.finish();
}

}  // namespace client::test

#include "harness/client/transport/tls.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/x509_vfy.h>

#include <boost/asio/ip/address.hpp>

#include <array>
#include <new>

namespace client::transport {

namespace {

std::string last_error() {
  const unsigned long code = ::ERR_get_error();
  ::ERR_clear_error();
  if (code == 0) return "unknown error";
  if (ERR_SYSTEM_ERROR(code)) return std::generic_category().message(ERR_GET_REASON(code));
  const char* reason = ::ERR_reason_error_string(code);
  if (reason != nullptr) return reason;
  std::array<char, 256> text{};
  ::ERR_error_string_n(code, text.data(), text.size());
  return text.data();
}

}  // namespace

checked<tls_context> make_tls_context(const options& by) {
  tls_context out(::SSL_CTX_new(::TLS_client_method()));
  if (!out) throw std::bad_alloc();
  ::ERR_clear_error();
  ::SSL_CTX_set_min_proto_version(out.get(), TLS1_2_VERSION);
  ::SSL_CTX_set_mode(out.get(), SSL_MODE_RELEASE_BUFFERS);
  ::SSL_CTX_set_verify(out.get(), by.insecure ? SSL_VERIFY_NONE : SSL_VERIFY_PEER, nullptr);
  if (by.ca_file.empty()) {
    ::SSL_CTX_set_default_verify_paths(out.get());
  } else if (::SSL_CTX_load_verify_locations(out.get(), by.ca_file.c_str(), nullptr) != 1) {
    return reason{"the certificates in " + by.ca_file + " cannot be used: " + last_error()};
  }
  if (!by.certificate_file.empty()) {
    if (::SSL_CTX_use_certificate_chain_file(out.get(), by.certificate_file.c_str()) != 1) {
      return reason{"the certificate in " + by.certificate_file + " cannot be used: " + last_error()};
    }
    const std::string& key = by.key_file.empty() ? by.certificate_file : by.key_file;
    if (::SSL_CTX_use_PrivateKey_file(out.get(), key.c_str(), SSL_FILETYPE_PEM) != 1 ||
        ::SSL_CTX_check_private_key(out.get()) != 1) {
      return reason{"the key in " + key + " cannot be used: " + last_error()};
    }
  } else if (!by.key_file.empty()) {
    return reason{"the key in " + by.key_file + " has no certificate beside it"};
  }
  return checked<tls_context>(boost::system::in_place_value, std::move(out));
}

tls::tls(SSL_CTX* context, const std::string& host) : session_(::SSL_new(context)) {
  BIO* in = ::BIO_new(::BIO_s_mem());
  BIO* out = ::BIO_new(::BIO_s_mem());
  if (!session_ || in == nullptr || out == nullptr) throw std::bad_alloc();
  ::SSL_set_bio(session_.get(), in, out);  // they are its own now
  ::SSL_set_connect_state(session_.get());
  boost::system::error_code named;
  boost::asio::ip::make_address(host, named);
  X509_VERIFY_PARAM* checks = ::SSL_get0_param(session_.get());
  if (named) {
    ::SSL_set_tlsext_host_name(session_.get(), host.c_str());
    ::X509_VERIFY_PARAM_set1_host(checks, host.c_str(), host.size());
  } else {
    ::X509_VERIFY_PARAM_set1_ip_asc(checks, host.c_str());
  }
}

tls::step tls::judge(int result) {
  switch (::SSL_get_error(session_.get(), result)) {
    case SSL_ERROR_NONE:
      return step::done;
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
      return step::need_more;
    case SSL_ERROR_ZERO_RETURN:
      return step::closed;
    default:
      break;
  }
  const long verdict = ::SSL_get_verify_result(session_.get());
  problem_ = last_error();
  if (verdict != X509_V_OK && (::SSL_get_verify_mode(session_.get()) & SSL_VERIFY_PEER) != 0) {
    problem_ = std::string("the certificate is not trusted: ") + ::X509_verify_cert_error_string(verdict);
  }
  return step::failed;
}

tls::step tls::handshake() {
  ::ERR_clear_error();
  return judge(::SSL_do_handshake(session_.get()));
}

void tls::feed(std::string_view encrypted) {
  ::BIO_write(::SSL_get_rbio(session_.get()), encrypted.data(), static_cast<int>(encrypted.size()));
}

tls::step tls::read(char* to, std::size_t most, std::size_t& size) {
  ::ERR_clear_error();
  size = 0;
  const int got = ::SSL_read(session_.get(), to, static_cast<int>(most));
  if (got > 0) size = static_cast<std::size_t>(got);
  return judge(got);
}

bool tls::holds_more() const noexcept {
  return ::SSL_has_pending(session_.get()) == 1 || ::BIO_ctrl_pending(::SSL_get_rbio(session_.get())) > 0;
}

void tls::write(std::string_view plain) {
  ::ERR_clear_error();
  if (!plain.empty()) ::SSL_write(session_.get(), plain.data(), static_cast<int>(plain.size()));
}

void tls::say_goodbye() {
  ::ERR_clear_error();
  if (::SSL_is_init_finished(session_.get()) == 1) ::SSL_shutdown(session_.get());
}

std::string tls::take_output() {
  BIO* out = ::SSL_get_wbio(session_.get());
  std::string bytes(static_cast<std::size_t>(::BIO_ctrl_pending(out)), '\0');
  if (!bytes.empty()) ::BIO_read(out, bytes.data(), static_cast<int>(bytes.size()));
  return bytes;
}

}  // namespace client::transport

// For tests of TLS: certificates made on the spot, and a server behind TLS in the test's own loop.
#pragma once

#include "harness/client/test/server.hpp"

#include <openssl/ssl.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace client::test {

// A certificate that signs itself and its key, as PEM files in a folder of their own, gone with it.
class certificate {
 public:
  // `names` as OpenSSL writes them: "DNS:chat.test,IP:127.0.0.1". `days`: how long it is valid from now, negative:
  // over.
  explicit certificate(const std::string& names, int days = 1);
  ~certificate();
  certificate(const certificate&) = delete;
  certificate& operator=(const certificate&) = delete;

  std::string file() const { return (folder_ / "certificate.pem").string(); }
  std::string key() const { return (folder_ / "key.pem").string(); }

 private:
  std::filesystem::path folder_;
};

class tls_server {
 public:
  // Called with all plain bytes that came and were not taken; takes what it has dealt with, gives what to write.
  using talk = std::function<std::string(std::string& received)>;

  // With `clients`, only who shows that certificate is served.
  tls_server(asio::io_context& io, const certificate& own, talk answer, const certificate* clients = nullptr);
  ~tls_server();

  client::url url(std::string scheme = "https", std::string path = "/") const { return server_->url(scheme, path); }

  std::string asked_for;  // the name that the last client told
  int handshakes = 0;
  bool failed = false;    // a handshake did
  std::size_t piece = 0;  // bytes of one record; 0: as many as it holds

 private:
  struct conversation;
  void serve(peer& from, conversation& with);

  std::unique_ptr<SSL_CTX, decltype(&::SSL_CTX_free)> context_;
  talk answer_;
  std::unique_ptr<server> server_;
};

}  // namespace client::test

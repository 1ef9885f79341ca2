// TLS without I/O, by OpenSSL: encrypted bytes in, plain ones out, and the other way round. `tls_context` is shared by
// all connections of a loop, `tls` belongs to one connection. On the loop's thread.
#pragma once

#include "harness/client/transport/options.hpp"

#include <openssl/ssl.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace client::transport {

struct free_context {
  void operator()(SSL_CTX* context) const noexcept { ::SSL_CTX_free(context); }
};
using tls_context = std::unique_ptr<SSL_CTX, free_context>;

// TLS 1.2 or newer. The reasons name the file that cannot be used.
checked<tls_context> make_tls_context(const options& options);

class tls {
 public:
  enum class step : std::uint8_t {
    done,
    need_more,  // encrypted bytes from the peer
    closed,     // the peer said that it is done
    failed,     // see problem()
  };

  // A client's side. The certificate must be for `host`, a name (then it is told to the server, too) or an address.
  tls(SSL_CTX* context, const std::string& host);

  step handshake();
  void feed(std::string_view encrypted);
  // done: `size` says how many plain bytes were written into `to`, at most `most`, at least one.
  step read(char* to, std::size_t most, std::size_t& size);
  // Bytes that were fed and not yet read.
  bool holds_more() const noexcept;
  void write(std::string_view plain);
  void say_goodbye();
  // What has to be sent; empty: nothing.
  std::string take_output();

  const std::string& problem() const noexcept { return problem_; }

 private:
  step judge(int result);

  struct free_session {
    void operator()(SSL* session) const noexcept { ::SSL_free(session); }
  };
  std::unique_ptr<SSL, free_session> session_;
  std::string problem_;
};

}  // namespace client::transport

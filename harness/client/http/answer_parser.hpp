// Bytes in, one HTTP/1 answer out, without I/O. Interim answers (1xx) are skipped. Owned by one connection, any thread.
// The only place of the client that uses Beast.
#pragma once

#include "harness/client/http/exchange.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace client::http {

class answer_parser {
 public:
  enum class state : std::uint8_t { need_more, done, failed };

  // `head`: the request was a HEAD, the answer has no body whatever its headers say.
  explicit answer_parser(bool head);
  ~answer_parser();

  // Any split of the bytes. Not called again after done or failed.
  state feed(std::string_view bytes);
  // The peer closed: done for an answer that ends with the connection, else failed with closed or truncated.
  state end_of_stream();

  bool started() const noexcept { return started_; }  // at least one byte of the final answer or an interim one came
  bool reusable() const noexcept;                     // done, kept alive, and not a byte too many
  http::failure failure() const noexcept { return failure_; }
  const std::string& detail() const noexcept { return detail_; }
  // Moves status, headers and body (as far as they came) into the exchange.
  void take(exchange& out);

 private:
  struct beast;
  state fail(http::failure failure, std::string detail);
  state advance();

  std::unique_ptr<beast> beast_;
  std::string pending_;  // not yet consumed
  std::string detail_;
  http::failure failure_ = http::failure::none;
  bool head_;
  bool started_ = false;
  bool done_ = false;
};

}  // namespace client::http

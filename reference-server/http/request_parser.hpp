// Reads one request out of bytes: Beast's HTTP/1 parser behind a strict gate. Sans I/O, owned by a connection.
// Beast lets through an equal double Content-Length, a missing Host, folded lines and odd Transfer-Encodings; all of
// these are refused here, because what two servers on a path read differently can be smuggled.
#pragma once

#include "reference-server/http/limits.hpp"
#include "reference-server/http/request.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace http {

class request_parser {
 public:
  enum class outcome { need_more, complete, refused };

  explicit request_parser(const limits& bounds);
  ~request_parser();

  // `bytes` is all that was received since the last request's end; call it again with the longer text after need_more.
  // After `complete` the request's views point into `bytes` (and into this parser, for a chunked body).
  outcome parse(std::string_view bytes);

  const http::request& request() const { return request_; }
  std::size_t consumed() const { return consumed_; }  // bytes of `bytes` the complete request took

  // Why it was refused.
  unsigned status() const { return status_; }
  std::string_view detail() const { return detail_; }

  bool head_complete() const { return stage_ != stage::head; }
  bool begun() const { return begun_; }  // a first byte of the request is there
  // The client waits for "100 Continue"; true once per request.
  bool take_expectation();

  // Ready for the next request.
  void reset();

 private:
  enum class stage { head, sized_body, chunked_body, done };
  class beast_parser;

  outcome refuse(unsigned status, std::string_view detail);
  outcome find_head(std::string_view bytes);
  outcome read_head(std::string_view bytes);
  outcome check_fields();
  outcome read_chunks(std::string_view bytes);
  void rebase(const char* data);

  const limits& bounds_;
  std::unique_ptr<beast_parser> beast_;
  http::request request_;
  std::string chunked_;  // the decoded body of a chunked request
  stage stage_ = stage::head;
  bool begun_ = false;
  bool expects_continue_ = false;
  const char* base_ = nullptr;    // where `bytes` was when the views were made
  std::size_t skipped_ = 0;       // empty lines before the request line
  std::size_t line_ = 0;          // start of the line being looked at
  std::size_t scanned_ = 0;       // no line end before this
  std::size_t request_line_ = 0;  // end of the request line, 0 while unknown
  std::size_t head_size_ = 0;
  std::size_t body_size_ = 0;
  std::size_t fed_ = 0;  // bytes given to Beast
  std::size_t consumed_ = 0;
  unsigned status_ = 0;
  std::string_view detail_;
};

}  // namespace http

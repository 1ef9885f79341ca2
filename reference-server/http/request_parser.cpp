#include "reference-server/http/request_parser.hpp"

#include <boost/beast/http/basic_parser.hpp>

#include <charconv>
#include <utility>

namespace http {
namespace {

namespace beast_http = boost::beast::http;
using error_code = boost::system::error_code;

// Room for "OPTIONS " and " HTTP/1.1" around the target.
constexpr std::size_t around_target = 32;
// Chunk sizes and extensions may take this many times the room of the body itself.
constexpr std::size_t chunk_overhead = 8;

method method_of(beast_http::verb verb) {
  switch (verb) {
    case beast_http::verb::get:
      return method::get;
    case beast_http::verb::head:
      return method::head;
    case beast_http::verb::post:
      return method::post;
    case beast_http::verb::put:
      return method::put;
    case beast_http::verb::delete_:
      return method::del;
    case beast_http::verb::patch:
      return method::patch;
    case beast_http::verb::options:
      return method::options;
    default:
      return method::other;
  }
}

// Sets path and query from a target in origin or absolute form; false for anything else.
bool split_target(request& asked) {
  std::string_view rest = asked.target;
  if (rest == "*") {
    asked.path = rest;
    return asked.method == method::options;
  }
  if (!rest.starts_with('/')) {
    const auto scheme = rest.find("://");
    if (scheme == rest.npos || rest.find('/') != scheme + 1) {
      return false;
    }
    const auto authority_end = rest.find_first_of("/?", scheme + 3);
    rest.remove_prefix(authority_end == rest.npos ? rest.size() : authority_end);
  }
  const auto mark = rest.find('?');
  asked.path = rest.substr(0, mark);
  asked.query = mark == rest.npos ? std::string_view() : rest.substr(mark + 1);
  if (asked.path.empty()) {
    asked.path = "/";
  }
  return true;
}

}  // namespace

class request_parser::beast_parser : public beast_http::basic_parser<true> {
 public:
  beast_parser(http::request& filled, std::string& chunked, std::size_t chunk_limit)
      : filled_(filled), chunked_(chunked), chunk_limit_(chunk_limit) {
    eager(true);
    skip(false);
    header_limit(1 << 20);  // judged before, apart for target and fields
    body_limit(boost::none);
  }

  bool body_too_large() const { return body_too_large_; }

 private:
  void on_request_impl(beast_http::verb verb, boost::beast::string_view, boost::beast::string_view target, int version,
                       error_code&) override {
    filled_.method = method_of(verb);
    filled_.target = {target.data(), target.size()};
    filled_.http_1_0 = version == 10;
  }
  void on_response_impl(int, boost::beast::string_view, int, error_code&) override {}
  void on_field_impl(beast_http::field, boost::beast::string_view name, boost::beast::string_view value,
                     error_code&) override {
    if (!in_body_) {  // trailers are read and dropped
      filled_.fields.push_back({{name.data(), name.size()}, {value.data(), value.size()}});
    }
  }
  void on_header_impl(error_code&) override { in_body_ = true; }
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(boost::beast::string_view body, error_code&) override { return body.size(); }
  void on_chunk_header_impl(std::uint64_t size, boost::beast::string_view, error_code& failed) override {
    body_too_large_ = size > chunk_limit_ || chunked_.size() + size > chunk_limit_;
    if (body_too_large_) {
      failed = beast_http::error::body_limit;
    }
  }
  std::size_t on_chunk_body_impl(std::uint64_t, boost::beast::string_view body, error_code&) override {
    chunked_.append(body.data(), body.size());
    return body.size();
  }
  void on_finish_impl(error_code&) override {}

  http::request& filled_;
  std::string& chunked_;
  std::size_t chunk_limit_;
  bool in_body_ = false;
  bool body_too_large_ = false;
};

request_parser::request_parser(const limits& bounds) : bounds_(bounds) {}
request_parser::~request_parser() = default;

void request_parser::reset() {
  beast_.reset();
  request_.method = method::other;
  request_.target = request_.path = request_.query = request_.body = {};
  request_.fields.clear();
  request_.http_1_0 = false;
  request_.keep_alive = true;
  chunked_.clear();
  stage_ = stage::head;
  begun_ = expects_continue_ = false;
  base_ = nullptr;
  skipped_ = line_ = scanned_ = request_line_ = head_size_ = body_size_ = fed_ = consumed_ = 0;
}

bool request_parser::take_expectation() {
  return std::exchange(expects_continue_, false);
}

request_parser::outcome request_parser::refuse(unsigned status, std::string_view detail) {
  status_ = status;
  detail_ = detail;
  request_.keep_alive = false;
  return outcome::refused;
}

request_parser::outcome request_parser::parse(std::string_view bytes) {
  if (stage_ == stage::head) {
    if (const outcome found = find_head(bytes); found != outcome::complete) {
      return found;
    }
    if (const outcome read = read_head(bytes.substr(skipped_, head_size_ - skipped_)); read != outcome::complete) {
      return read;
    }
    base_ = bytes.data();
  }
  rebase(bytes.data());
  if (stage_ == stage::chunked_body) {
    return read_chunks(bytes);
  }
  if (stage_ == stage::done) {
    return outcome::complete;
  }
  if (bytes.size() < head_size_ + body_size_) {
    return outcome::need_more;
  }
  stage_ = stage::done;
  expects_continue_ = false;
  request_.body = bytes.substr(head_size_, body_size_);
  consumed_ = head_size_ + body_size_;
  return outcome::complete;
}

// Looks for the empty line that ends the head, and judges sizes and line ends on the way.
request_parser::outcome request_parser::find_head(std::string_view bytes) {
  for (;;) {
    const auto end = bytes.find('\n', scanned_);
    if (end == bytes.npos) {
      scanned_ = bytes.size();
      begun_ = bytes.size() > skipped_;
      if (request_line_ == 0 && bytes.size() - skipped_ > bounds_.target + around_target + 1) {  // its CR may be there
        return refuse(414, "the request target is too long");
      }
      if (request_line_ != 0 && bytes.size() - request_line_ > bounds_.head) {
        return refuse(431, "the header lines are too long");
      }
      return outcome::need_more;
    }
    if (end == 0 || bytes[end - 1] != '\r') {
      return refuse(400, "a header line does not end with CR LF");
    }
    const std::string_view line = bytes.substr(line_, end - 1 - line_);
    line_ = scanned_ = end + 1;
    if (request_line_ == 0) {
      if (line.empty() && skipped_ == 0) {
        skipped_ = line_;  // one empty line before a request is forgiven (RFC 9112, 2.2)
        continue;
      }
      begun_ = true;
      if (line.size() > bounds_.target + around_target) {
        return refuse(414, "the request target is too long");
      }
      request_line_ = line_;
    } else if (line_ - request_line_ > bounds_.head) {
      return refuse(431, "the header lines are too long");
    } else if (line.empty()) {
      head_size_ = line_;
      return outcome::complete;
    } else if (line.front() == ' ' || line.front() == '\t') {
      return refuse(400, "a folded header line");
    }
  }
}

request_parser::outcome request_parser::read_head(std::string_view head) {
  beast_ = std::make_unique<beast_parser>(request_, chunked_, bounds_.body);
  error_code failed;
  const std::size_t taken = beast_->put(boost::asio::const_buffer(head.data(), head.size()), failed);
  if (failed == beast_http::error::need_more) {
    failed = {};
  }
  if (!failed && request_.target.size() > bounds_.target) {
    return refuse(414, "the request target is too long");
  }
  if (failed || taken != head.size()) {
    // Beast refuses some encodings as malformed that are only unknown; these are told apart first.
    const outcome checked = request_.fields.empty() ? outcome::complete : check_fields();
    return checked == outcome::refused ? checked : refuse(400, "the request head is malformed");
  }
  request_.keep_alive = beast_->keep_alive() && !request_.http_1_0;
  return check_fields();
}

request_parser::outcome request_parser::check_fields() {
  if (const std::size_t hosts = request_.count("Host"); hosts > 1 || (hosts == 0 && !request_.http_1_0)) {
    return refuse(400, "exactly one Host is required");
  }
  const std::size_t lengths = request_.count("Content-Length");
  const std::size_t encodings = request_.count("Transfer-Encoding");
  if (lengths > 1 || (lengths == 1 && encodings > 0)) {
    return refuse(400, "more than one framing of the body");
  }
  if (!split_target(request_)) {
    return refuse(400, "the request target is neither a path nor an absolute URL");
  }
  if (encodings > 0) {
    if (request_.http_1_0) {
      return refuse(400, "Transfer-Encoding in an HTTP/1.0 request");
    }
    if (encodings > 1 || !equal_ignoring_case(*request_.find("Transfer-Encoding"), "chunked")) {
      return refuse(501, "the only Transfer-Encoding is chunked");
    }
    stage_ = stage::chunked_body;
    fed_ = head_size_;
  } else {
    stage_ = stage::sized_body;
    if (lengths == 1) {
      const std::string_view digits = *request_.find("Content-Length");
      const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), body_size_);
      if (failed != std::errc() || end != digits.data() + digits.size() || digits.empty()) {
        return refuse(400, "Content-Length is not a number");
      }
      if (body_size_ > bounds_.body) {
        return refuse(413, "the body is too large");
      }
    }
  }
  const std::string_view* expectation = request_.find("Expect");
  expects_continue_ = expectation != nullptr && !request_.http_1_0 && equal_ignoring_case(*expectation, "100-continue");
  return outcome::complete;
}

request_parser::outcome request_parser::read_chunks(std::string_view bytes) {
  error_code failed;
  while (!beast_->is_done() && fed_ < bytes.size()) {
    const std::size_t taken = beast_->put(boost::asio::const_buffer(bytes.data() + fed_, bytes.size() - fed_), failed);
    fed_ += taken;
    if (failed == beast_http::error::need_more) {
      break;
    }
    if (failed) {
      return beast_->body_too_large() ? refuse(413, "the body is too large")
                                      : refuse(400, "the chunked body is malformed");
    }
  }
  if (beast_->is_done()) {
    stage_ = stage::done;
    expects_continue_ = false;
    request_.body = chunked_;
    consumed_ = fed_;
    body_size_ = fed_ - head_size_;
    return outcome::complete;
  }
  return bytes.size() - head_size_ > bounds_.body * chunk_overhead ? refuse(413, "the chunked body is too large")
                                                                   : outcome::need_more;
}

// The connection's buffer has moved: the views follow it.
void request_parser::rebase(const char* data) {
  if (data == base_) {
    return;
  }
  const auto move = [this, data](std::string_view& view) {
    if (view.data() != nullptr) {
      view = {data + (view.data() - base_), view.size()};
    }
  };
  move(request_.target);
  if (request_.path.data() >= base_ && request_.path.data() < base_ + head_size_) {
    move(request_.path);
  }
  move(request_.query);
  for (field& moved : request_.fields) {
    move(moved.name);
    move(moved.value);
  }
  base_ = data;
}

}  // namespace http

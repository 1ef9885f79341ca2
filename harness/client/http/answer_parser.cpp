#include "harness/client/http/answer_parser.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <algorithm>
#include <utility>

namespace client::http {

namespace {

namespace bh = boost::beast::http;

constexpr std::uint32_t most_head = 64U << 10U;
constexpr std::uint64_t most_body = 16U << 20U;

}  // namespace

struct answer_parser::beast {
  bh::response_parser<bh::string_body> parser;
  bool begun = false;  // the beginning of the answer has been seen to be HTTP/1

  explicit beast(bool head) {
    parser.eager(true);
    parser.skip(head);
    parser.header_limit(most_head);
    parser.body_limit(most_body);
  }
};

answer_parser::answer_parser(bool head) : beast_(std::make_unique<beast>(head)), head_(head) {}
answer_parser::~answer_parser() = default;

answer_parser::state answer_parser::fail(http::failure failure, std::string detail) {
  failure_ = failure;
  detail_ = std::move(detail);
  return state::failed;
}

answer_parser::state answer_parser::feed(std::string_view bytes) {
  if (!bytes.empty()) started_ = true;
  pending_ += bytes;
  return advance();
}

answer_parser::state answer_parser::advance() {
  for (;;) {
    // Beast waits for a whole head; what cannot become one is told at once.
    constexpr std::string_view beginning = "HTTP/1.";
    if (!beast_->begun) {
      const auto compared = std::min(pending_.size(), beginning.size());
      if (pending_.compare(0, compared, beginning.substr(0, compared)) != 0) {
        return fail(failure::garbage, "the answer is not HTTP/1");
      }
      if (compared < beginning.size()) return state::need_more;
      beast_->begun = true;
    }
    boost::system::error_code error;
    const std::size_t used = beast_->parser.put(boost::asio::const_buffer(pending_.data(), pending_.size()), error);
    pending_.erase(0, used);
    if (error == bh::error::need_more) return state::need_more;
    if (error == bh::error::header_limit) return fail(failure::too_large, "headers over 64 KiB");
    if (error == bh::error::body_limit) return fail(failure::too_large, "a body over 16 MiB");
    if (error) return fail(failure::garbage, error.message());
    if (!beast_->parser.is_done()) {
      if (used == 0 || pending_.empty()) return state::need_more;
      continue;
    }
    const unsigned status = beast_->parser.get().result_int();
    if (status == 101) return fail(failure::garbage, "101 to a request that asked for no upgrade");
    if (status >= 200) {
      done_ = true;
      return state::done;
    }
    beast_ = std::make_unique<beast>(head_);  // an interim answer; the real one follows
  }
}

answer_parser::state answer_parser::end_of_stream() {
  if (!started_) return fail(failure::closed, "the connection was closed");
  if (beast_->parser.is_header_done()) {
    boost::system::error_code error;
    beast_->parser.put_eof(error);
    if (!error) {
      done_ = true;
      return state::done;
    }
  }
  return fail(failure::truncated, "the connection was closed inside the answer");
}

bool answer_parser::reusable() const noexcept {
  return done_ && pending_.empty() && beast_->parser.keep_alive();
}

void answer_parser::take(exchange& out) {
  if (!beast_->parser.is_header_done()) return;
  auto message = beast_->parser.release();
  out.status = static_cast<int>(message.result_int());
  for (const auto& field : message) {
    out.headers.push_back({std::string(field.name_string()), std::string(field.value())});
  }
  out.body = std::move(message.body());
}

}  // namespace client::http

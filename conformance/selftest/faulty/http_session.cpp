#include "conformance/selftest/faulty/http_session.hpp"

#include "conformance/selftest/faulty/answer_text.hpp"
#include "conformance/selftest/faulty/framing.hpp"
#include "conformance/selftest/faulty/socket_session.hpp"
#include "conformance/selftest/faulty/upgrade.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

#include <optional>

namespace faulty {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;

constexpr std::chrono::seconds head_time{10}, body_time{30}, idle_time{60}, write_time{30}, drain_time{1};
constexpr std::size_t longest_body = 64 * 1024;
constexpr std::size_t longest_drain = 256 * 1024;
constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";

class HttpSession final : public Session, public std::enable_shared_from_this<HttpSession> {
 public:
  HttpSession(Server& server, TcpSocket socket) : server_(server), socket_(std::move(socket)) {}

  void next_request() {
    if (server_.stopping) return drain();
    state_ = State::head;
    skip_empty_lines();
    deadline_ = Clock::now() + (buffer_.size() == 0 ? std::chrono::seconds(idle_time) : head_time);
    read_head();
  }

  void tick(Clock::time_point now) override {
    if (now < deadline_ || state_ == State::handling) return;
    const bool reading = (state_ == State::head && buffer_.size() > 0) || state_ == State::body;
    timed_out_ = reading;
    error_code ignored;
    if (reading)
      socket_.cancel(ignored);
    else
      socket_.close(ignored);
  }

  bool is_working() const override {
    return state_ == State::body || state_ == State::handling || state_ == State::writing;
  }
  void finish_requests() override {
    if (state_ == State::head) abort();
  }
  void abort() override {
    error_code ignored;
    socket_.close(ignored);
  }

 private:
  enum class State { head, body, handling, writing, draining };

  std::string_view buffered() const {
    return {static_cast<const char*>(buffer_.cdata().data()), buffer_.cdata().size()};
  }

  // RFC 9112, 2.2: a line end before the request line is passed over.
  void skip_empty_lines() {
    while (buffered().starts_with("\r\n")) buffer_.consume(2);
  }

  void read_head() {
    const auto end = buffered().find("\r\n\r\n");
    if (end != std::string_view::npos) return take_head(end + 4);
    if (const auto refusal = check_partial_head(buffered())) return refuse(refusal->status, refusal->detail);
    socket_.async_read_some(buffer_.prepare(8192), [self = shared_from_this()](error_code error, std::size_t size) {
      self->on_head_bytes(error, size);
    });
  }

  void on_head_bytes(error_code error, std::size_t size) {
    if (error)
      return timed_out_ && error == asio::error::operation_aborted ? refuse(408, "no whole request in 10 s") : abort();
    if (buffer_.size() == 0) deadline_ = Clock::now() + head_time;
    timed_out_ = false;
    buffer_.commit(size);
    skip_empty_lines();
    read_head();
  }

  void take_head(std::size_t size) {
    if (const auto refusal = check_head(buffered().substr(0, size))) return refuse(refusal->status, refusal->detail);
    parser_.emplace();
    parser_->header_limit(64 * 1024);  // ours are stricter and were applied
    parser_->body_limit(longest_body);
    error_code error;
    buffer_.consume(parser_->put(buffer_.data(), error));
    if (error) return on_body(error);
    if (parser_->is_done()) return dispatch();
    state_ = State::body;
    deadline_ = Clock::now() + body_time;
    if (buffer_.size() == 0 && equal_ignoring_case(parser_->get()[http::field::expect], "100-continue"))
      asio::async_write(socket_, asio::buffer(go_on), [self = shared_from_this()](error_code failed, std::size_t) {
        return failed ? self->abort() : self->read_body();
      });
    else
      read_body();
  }

  void read_body() {
    http::async_read(socket_, buffer_, *parser_,
                     [self = shared_from_this()](error_code error, std::size_t) { self->on_body(error); });
  }

  void on_body(error_code error) {
    if (!error) return dispatch();
    if (timed_out_ && error == asio::error::operation_aborted) return refuse(408, "no whole body in 30 s");
    if (error == http::error::body_limit) return refuse(413, "the body is longer than 64 KiB");
    if (error == http::error::end_of_stream || error == http::error::partial_message) return abort();
    if (error.category() == error_code(http::error::bad_chunk).category()) return refuse(400, "the request is broken");
    abort();
  }

  void dispatch() {
    state_ = State::handling;
    const auto& message = parser_->get();
    request_ = {};
    request_.method = std::string(message.method_string());
    set_target(request_, message.target());
    for (const auto& field : message)
      request_.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
    request_.body = std::move(parser_->get().body());
    keep_ = message.version() == 11 && message.keep_alive();
    if (request_.path == "/ws" || request_.path == "/ws/") return open_socket();
    server_.rest.handle(request_, [self = shared_from_this()](Answer answer) { self->reply(std::move(answer)); });
  }

  void reply(Answer answer) {
    const Benign& benign = server_.settings.benign;
    if (benign.changes_json()) answer.body = dressed(answer.body, benign);
    if (benign.answer_delay.count() == 0) return write(answer);
    const auto timer = std::make_shared<asio::steady_timer>(server_.io, benign.answer_delay);
    timer->async_wait(
        [self = shared_from_this(), timer, answer = std::move(answer)](error_code) { self->write(answer); });
  }

  void open_socket() {
    auto checked = check_upgrade(request_, server_);
    if (const auto* refusal = std::get_if<Answer>(&checked)) return write(*refusal);
    if (buffer_.size() > 0) return refuse(400, "a client waits for the upgrade before it sends");
    start_socket_session(server_, std::move(socket_), parser_->release(), std::get<SocketOpening>(std::move(checked)));
  }

  void refuse(int status, const std::string& detail) {
    Answer answer = problem(status, detail);
    answer.close = true;
    request_ = {};
    write(answer);
  }

  void write(const Answer& answer) {
    state_ = State::writing;
    deadline_ = Clock::now() + write_time;
    keep_ = keep_ && !answer.close && !server_.stopping;
    out_ = to_text(answer, request_.method == "HEAD", !keep_);
    asio::async_write(socket_, asio::buffer(out_), [self = shared_from_this()](error_code error, std::size_t) {
      if (error) return self->abort();
      return self->keep_ ? self->next_request() : self->drain();
    });
  }

  // A close with unread bytes becomes a reset, which would eat the answer on its way.
  void drain() {
    error_code ignored;
    state_ = State::draining;
    deadline_ = Clock::now() + drain_time;
    socket_.shutdown(asio::socket_base::shutdown_send, ignored);
    drained_ = 0;
    drain_more();
  }

  void drain_more() {
    buffer_.clear();
    socket_.async_read_some(buffer_.prepare(8192), [self = shared_from_this()](error_code error, std::size_t size) {
      self->drained_ += size;
      return error || self->drained_ > longest_drain ? self->abort() : self->drain_more();
    });
  }

  Server& server_;
  TcpSocket socket_;
  boost::beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  Request request_;
  std::string out_;
  Clock::time_point deadline_;
  State state_ = State::head;
  std::size_t drained_ = 0;
  bool keep_ = true;
  bool timed_out_ = false;
};

}  // namespace

void start_http_session(Server& server, TcpSocket socket) {
  const auto session = std::make_shared<HttpSession>(server, std::move(socket));
  server.sessions.add(session);
  session->next_request();
}

}  // namespace faulty

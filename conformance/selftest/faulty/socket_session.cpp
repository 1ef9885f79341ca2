#include "conformance/selftest/faulty/socket_session.hpp"

#include "conformance/selftest/faulty/client_frame.hpp"

#include <fmt/format.h>

#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <deque>

namespace faulty {
namespace {

namespace asio = boost::asio;
namespace websocket = boost::beast::websocket;
using boost::system::error_code;

constexpr std::size_t longest_client_message = 4096;
constexpr std::size_t most_queued_bytes = 512 * 1024, most_queued_frames = 2000;
constexpr std::chrono::seconds open_time{10}, longest_queued{10}, close_write_time{1}, close_answer_time{5};
constexpr std::chrono::milliseconds cleanup_time{10};  // of late_close_detaches_new
constexpr std::uint16_t going_away = 1001, slow = 1013, expired = 4401;

std::string address_of(const TcpSocket& socket) {
  error_code error;
  const auto peer = socket.remote_endpoint(error);
  return error ? std::string() : fmt::format("{}:{}", peer.address().to_string(), peer.port());
}

class SocketSession final : public Session, public Subscriber, public std::enable_shared_from_this<SocketSession> {
 public:
  SocketSession(Server& server, TcpSocket socket, SocketOpening opening)
      : server_(server), peer_(address_of(socket)), opening_(std::move(opening)), stream_(std::move(socket)) {}

  void open(const boost::beast::http::request<boost::beast::http::string_body>& request) {
    error_code ignored;
    stream_.next_layer().set_option(asio::socket_base::send_buffer_size(64 * 1024), ignored);
    stream_.read_message_max(longest_client_message);
    stream_.auto_fragment(false);
    stream_.text(true);
    stream_.control_callback([this](websocket::frame_type kind, boost::beast::string_view) {
      pinged_ = false;
      if (kind == websocket::frame_type::close) on_close_frame();
    });
    last_ping_ = Clock::now();
    stream_.async_accept(request, [self = shared_from_this()](error_code error) { self->on_open(error); });
  }

  void deliver(const Frame& plain) override {
    if (closing_ != 0) return;
    const Benign& benign = server_.settings.benign;
    const Frame frame = benign.changes_json() ? std::make_shared<const std::string>(dressed(*plain, benign)) : plain;
    if (now_seconds() >= opening_.expires) return close(expired, false);
    queued_bytes_ += frame->size();
    queue_.push_back({frame, Clock::now()});
    if (queued_bytes_ > most_queued_bytes || queue_.size() > most_queued_frames) return close(slow, false);
    flush();
  }
  const std::string& peer() const override { return peer_; }

  void tick(Clock::time_point now) override {
    if (!open_) {
      if (now - last_ping_ > open_time) abort();
    } else if (closing_ != 0) {
      if (now >= close_deadline_) close_sent_ ? abort() : reset();
    } else if (now_seconds() >= opening_.expires) {
      close(expired, false);
    } else if (!queue_.empty() && now - queue_.front().since > longest_queued) {
      close(slow, false);
    } else if (pinged_) {
      if (now - last_ping_ > server_.settings.ping_timeout) reset();
    } else if (now - last_ping_ >= server_.settings.ping_interval) {
      ping(now);
    }
  }
  void go_away() override {
    if (open_) close(going_away, true);
  }
  void abort() override {
    gone_ = true;
    detach();
    error_code ignored;
    stream_.next_layer().close(ignored);
  }

 private:
  struct Queued {
    Frame frame;
    Clock::time_point since;
  };

  void on_open(error_code error) {
    if (error) return abort();
    open_ = true;
    const bool late = server_.faults.strikes(Fault::late_registration);
    if (!late) attach();
    if (opening_.on_sufferance)
      server_.faults.note(Fault::socket_unauthenticated_gets_frames, {.user = opening_.user, .socket = peer_});
    deliver(std::make_shared<const std::string>(
        fmt::format(R"({{"event":"ready","data":{{"user":"{}"}}}})", opening_.user)));
    if (late) {
      server_.faults.note(Fault::late_registration, {.user = opening_.user, .socket = peer_});
      after(server_.settings.registration_delay, [this] {
        if (closing_ == 0 && !close_sent_ && !gone_) attach();
      });
    }
    server_.store.socket_opened(opening_.user);
    server_.router.opened(opening_.user, *this);
    if (server_.stopping) go_away();
    read();
  }

  void attach() {
    attached_ = true;
    server_.router.attach(opening_.user, *this, server_.publications.position(), server_.store.newest_chat());
  }

  // Does something later, on a timer of its own; the session lives until then.
  template <class Action>
  void after(std::chrono::milliseconds time, Action action) {
    const auto timer = std::make_shared<asio::steady_timer>(server_.io, time);
    timer->async_wait([self = shared_from_this(), timer, action](error_code) { action(); });
  }

  void read() {
    stream_.async_read(buffer_, [self = shared_from_this()](error_code error, std::size_t) {
      if (error) return self->on_read_error(error);
      self->pinged_ = false;
      self->take_in(Fault::client_frame_inserts, Post::Fate::whole);
      self->take_in(Fault::client_frame_relayed, Post::Fate::published_only);
      self->buffer_.clear();
      self->read();
    });
  }

  // The client is gone, with a close frame or without.
  void on_read_error(error_code error) {
    const bool was_ours = closing_ != 0 && closing_ != going_away;
    if (error != websocket::error::closed && attached_ && !was_ours &&
        server_.faults.strikes(Fault::aborted_socket_swallows))
      server_.router.leave_behind(opening_.user);
    abort();
  }

  // Treats what the client wrote as a message. A right server never does.
  void take_in(Fault fault, Post::Fate fate) {
    if (!server_.faults.is_on(fault)) return;
    const auto message = message_in(boost::beast::buffers_to_string(buffer_.data()));
    Chat* chat = message ? server_.store.writable(message->chat, opening_.user) : nullptr;
    if (chat == nullptr || !server_.faults.strikes(fault, chat->id)) return;
    Post post{.chat = chat->id,
              .sender = opening_.user,
              .recipient = chat->other(opening_.user),
              .body = message->body,
              .key = {},
              .fate = fate};
    server_.commits.post(std::move(post), [self = shared_from_this(), fault](const Posted& posted) {
      if (posted.message)
        self->server_.faults.note(fault,
                                  {.of = posted.message.get(), .user = posted.message->sender, .socket = self->peer_});
    });
  }

  void ping(Clock::time_point now) {
    if (ping_on_its_way_) return;
    ping_on_its_way_ = pinged_ = true;
    last_ping_ = now;
    stream_.async_ping({}, [self = shared_from_this()](error_code) { self->ping_on_its_way_ = false; });
  }

  void flush() {
    if (writing_ || close_sent_) return;
    if (!queue_.empty()) {
      writing_ = true;
      stream_.async_write(asio::buffer(*queue_.front().frame),
                          [self = shared_from_this()](error_code error, std::size_t) { self->on_written(error); });
    } else if (closing_ != 0) {
      close_sent_ = true;
      close_deadline_ = Clock::now() + close_answer_time;
      stream_.async_close(websocket::close_code(closing_), [self = shared_from_this()](error_code) { self->abort(); });
    }
  }

  void on_written(error_code error) {
    writing_ = false;
    if (error) return end();
    queued_bytes_ -= queue_.front().frame->size();
    queue_.pop_front();
    flush();
  }

  // Detaches, then says good-bye once the frame that is being written is out, or all of the queue (`after_queue`).
  void close(std::uint16_t code, bool after_queue) {
    if (closing_ != 0) return;
    closing_ = code;
    close_deadline_ = Clock::now() + close_write_time;
    detach();
    if (!after_queue)
      while (queue_.size() > (writing_ ? 1 : 0)) queue_.pop_back();
    flush();
  }

  void on_close_frame() {
    if (attached_ && server_.faults.strikes(Fault::late_close_detaches_new))
      after(cleanup_time, [this] { server_.router.forget(opening_.user); });
    end();
  }

  // The other side has closed or failed: the read that is under way answers and finishes, within a deadline.
  void end() {
    detach();
    if (std::exchange(close_sent_, true)) return;
    closing_ = going_away;
    close_deadline_ = Clock::now() + close_answer_time;
  }

  void reset() {
    error_code ignored;
    stream_.next_layer().set_option(asio::socket_base::linger(true, 0), ignored);
    abort();
  }

  void detach() {
    if (std::exchange(attached_, false)) server_.router.detach(opening_.user, *this);
  }

  Server& server_;
  const std::string peer_;
  const SocketOpening opening_;
  websocket::stream<TcpSocket> stream_;
  boost::beast::flat_buffer buffer_;
  std::deque<Queued> queue_;
  std::size_t queued_bytes_ = 0;
  Clock::time_point last_ping_, close_deadline_;
  std::uint16_t closing_ = 0;
  bool open_ = false, attached_ = false, writing_ = false, close_sent_ = false;
  bool ping_on_its_way_ = false, pinged_ = false, gone_ = false;
};

}  // namespace

void start_socket_session(Server& server, TcpSocket socket,
                          const boost::beast::http::request<boost::beast::http::string_body>& request,
                          SocketOpening opening) {
  const auto session = std::make_shared<SocketSession>(server, std::move(socket), std::move(opening));
  server.sessions.add(session);
  session->open(request);
}

}  // namespace faulty

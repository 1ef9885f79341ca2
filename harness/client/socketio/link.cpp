#include "harness/client/socketio/link.hpp"

#include <boost/asio/post.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <utility>

namespace client::socketio {

using boost::system::error_code;
using websocket::end_kind;

namespace {

namespace json = boost::json;

// How long the close frame that follows a farewell packet is waited for.
constexpr std::chrono::seconds farewell{1};

// What a CONNECT_ERROR says: for people, and the status that its data may hold.
std::pair<std::string, int> read_refusal(std::string_view text) {
  error_code error;
  const json::value value = json::parse(json::string_view(text.data(), text.size()), error);
  if (error) return {"CONNECT_ERROR", 0};
  if (const json::string* alone = value.if_string()) return {std::string(alone->data(), alone->size()), 0};
  const json::object* object = value.if_object();
  if (object == nullptr) return {"CONNECT_ERROR", 0};
  std::pair<std::string, int> out{"CONNECT_ERROR", 0};
  if (const json::value* message = object->if_contains("message"); message != nullptr && message->is_string()) {
    out.first.assign(message->get_string().data(), message->get_string().size());
  }
  const json::value* data = object->if_contains("data");
  if (data == nullptr || !data->is_object()) return out;
  for (const char* name : {"status", "statusCode", "code"}) {
    const json::value* status = data->get_object().if_contains(name);
    if (status == nullptr || !status->is_int64()) continue;
    if (status->get_int64() >= 100 && status->get_int64() <= 599) {
      out.second = static_cast<int>(status->get_int64());
      break;
    }
  }
  return out;
}

}  // namespace

socket::link::link(asio::io_context& io, const url& where, socket_options options, socket_handlers handlers)
    : io_(io),
      where_(where),
      options_(std::move(options)),
      handlers_(std::move(handlers)),
      session_(options_.session),
      started_(clock::now()),
      timer_(io) {}

void socket::link::start() {
  arm();
  if (!options_.polling) {
    carrier_ = carrier::websocket;
    return open_websocket();
  }
  url origin = where_;
  origin.scheme = where_.secure() ? "https" : "http";
  origin.path = "/";
  polls_.emplace(io_, origin);
  posts_.emplace(io_, origin);
  poll();
}

bool socket::link::take(const happening& got, time_point now) {
  if (life_ == life::ended) return false;
  const auto self = shared_from_this();
  switch (got.what) {
    case step::nothing:
      break;
    case step::opened:
      on_opened(now);
      break;
    case step::connected:
      arm();
      if (handlers_.on_connect) handlers_.on_connect(got.text, now);
      break;
    case step::event:
      if (handlers_.on_event) handlers_.on_event(got.text, got.ack, now);
      break;
    case step::acknowledged:
      if (handlers_.on_acknowledged) handlers_.on_acknowledged(*got.ack, got.text, now);
      break;
    case step::refused: {
      auto [message, status] = read_refusal(got.text);
      end_.status = status;
      leave(end_kind::refused, now, std::move(message));
      break;
    }
    case step::left:
      leave(end_kind::closed_by_peer, now, "put out of the namespace");
      break;
    case step::closed:
      leave(end_kind::closed_by_peer, now, "the session was closed");
      break;
    case step::broken:
      finish(end_kind::protocol, now, std::string(got.text));
      break;
  }
  if (life_ == life::ended) return false;
  flush();
  return true;
}

void socket::link::on_opened(time_point now) {
  arm();
  if (carrier_ == carrier::polling && options_.websocket && session_.shaken()->offers_websocket) open_websocket();
  if (handlers_.on_open) handlers_.on_open(now);
}

void socket::link::flush() {
  if (life_ == life::ended || session_.outgoing().empty()) return;
  switch (carrier_) {
    case carrier::polling:
      return post();
    case carrier::switching:
      return;
    case carrier::websocket:
      for (const std::string& packet : std::exchange(session_.outgoing(), {})) {
        if (websocket_) websocket_->send_text(packet);
      }
  }
}

void socket::link::emit(std::string_view list, std::optional<std::uint64_t> ack) {
  if (!is_open()) return;
  session_.emit(list, ack);
  flush();
}

void socket::link::acknowledge(std::string_view list, std::uint64_t ack) {
  if (!is_open()) return;
  session_.acknowledge(list, ack);
  flush();
}

void socket::link::send_packet(std::string packet) {
  if (!is_open()) return;
  session_.outgoing().push_back(std::move(packet));
  flush();
}

void socket::link::close() {
  if (!is_open()) return;
  if (session_.is_connected()) session_.leave();
  if (carrier_ == carrier::websocket) {
    flush();
    return leave(end_kind::closed_by_us, clock::now(), "");
  }
  websocket_.reset();  // a probe
  carrier_ = carrier::polling;
  leave(end_kind::closed_by_us, clock::now(), "");
  session_.outgoing().push_back(write_engine_packet(engine_type::close));
  flush();
}

void socket::link::abort() {
  if (life_ == life::ended) return;
  if (life_ == life::running) end_.at = clock::now();
  life_ = life::leaving;
  end_.kind = end_kind::aborted;
  if (websocket_) websocket_->abort();
  asio::post(io_, [self = shared_from_this()] { self->finish(end_kind::aborted, self->end_.at, ""); });
}

void socket::link::abandon() {
  life_ = life::ended;  // the handlers stay: one of them may be running
  timer_.cancel();
  polls_.reset();
  posts_.reset();
  websocket_.reset();
}

// One timer: until the namespace is joined for that, later for the server's pings, at last for the farewell.
void socket::link::arm() {
  const time_point joined_by =
      session_.is_connected() || life_ != life::running ? time_point::max() : started_ + options_.patience;
  time_point when = std::min(joined_by, session_.silent_at());
  if (life_ == life::leaving) when = leave_by_;
  if (when == time_point::max()) return;
  timer_.expires_at(overdue_ ? clock::now() + std::chrono::milliseconds(1) : when);
  timer_.async_wait([weak = weak_from_this()](const error_code& error) {
    if (const auto self = weak.lock(); self && !error) self->on_time();
  });
}

void socket::link::on_time() {
  if (life_ == life::ended) return;
  const time_point now = clock::now();
  const bool joining = !session_.is_connected() && life_ == life::running;
  const bool late = life_ == life::leaving                           ? now >= leave_by_
                    : joining && now >= started_ + options_.patience ? true
                                                                     : now >= session_.silent_at();
  // What had arrived when the time was up is read first: one more turn of the loop does it.
  overdue_ = late && !overdue_;
  if (!late || overdue_) return arm();
  if (life_ == life::leaving) return finish(end_.kind, end_.at, end_.detail);
  if (now >= session_.silent_at()) return finish(end_kind::timeout, now, "no ping in time");
  finish(end_kind::timeout, now, session_.is_open() ? "the namespace was not joined" : "the session was not opened");
}

void socket::link::leave(end_kind kind, time_point at, std::string detail) {
  if (life_ != life::running) return;
  life_ = life::leaving;
  end_.kind = kind;
  end_.at = at;
  end_.detail = std::move(detail);
  leave_by_ = at + (kind == end_kind::closed_by_us ? options_.patience : std::chrono::milliseconds(farewell));
  if (carrier_ == carrier::websocket) {
    // A close frame may be on its way, and its code is worth having.
    arm();
    return websocket_->close();
  }
  if (kind == end_kind::closed_by_us) return arm();
  if (kind == end_kind::refused && !posting_) {
    session_.outgoing().push_back(write_engine_packet(engine_type::close));
    return arm();  // the end is told when that was posted
  }
  finish(kind, at, end_.detail);
}

void socket::link::finish(end_kind kind, time_point at, std::string detail) {
  if (life_ == life::ended) return;
  const auto self = shared_from_this();
  life_ = life::ended;
  end_.kind = kind;
  end_.at = at;
  end_.detail = std::move(detail);
  end_.finished = clock::now();
  timer_.cancel();
  polls_.reset();
  posts_.reset();
  if (websocket_ && websocket_->is_open()) {
    websocket_->close();  // goes on by itself, as long as the owner lets it
  } else {
    websocket_.reset();
  }
  if (handlers_.on_end) handlers_.on_end(end_);
}

}  // namespace client::socketio

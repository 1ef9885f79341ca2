// What carries a session: polls and POSTs, a WebSocket, and the way from the one to the other.
#include "harness/client/socketio/link.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace client::socketio {

using websocket::end_kind;

namespace {

constexpr std::size_t usual_max_payload = 1'000'000;

}  // namespace

std::string socket::link::query(std::string_view transport) const {
  std::string out = where_.path;
  out += out.find('?') == std::string::npos ? '?' : '&';
  out += fmt::format("EIO=4&transport={}", transport);
  if (session_.is_open()) out += "&sid=" + session_.shaken()->sid;
  return out;
}

std::vector<http::header> socket::link::headers() const {
  std::vector<http::header> out = options_.headers;
  if (cookies_.empty()) return out;
  auto ours = std::find_if(out.begin(), out.end(), [](const auto& h) { return http::same_name(h.name, "Cookie"); });
  if (ours == out.end()) ours = out.insert(out.end(), {"Cookie", ""});
  for (const std::string& each : cookies_) ours->value += (ours->value.empty() ? "" : "; ") + each;
  return out;
}

void socket::link::keep_cookies(const std::vector<http::header>& of_answer) {
  for (const http::header& each : of_answer) {
    if (!http::same_name(each.name, "Set-Cookie")) continue;
    const std::string pair = each.value.substr(0, each.value.find(';'));
    const std::string name = pair.substr(0, pair.find('=') + 1);
    if (name.size() < 2) continue;
    std::erase_if(cookies_, [&](const std::string& known) { return known.starts_with(name); });
    cookies_.push_back(pair);
  }
}

http::request socket::link::request(std::string_view method, std::string body) {
  http::request out{.method = std::string(method), .target = query("polling"), .headers = headers()};
  if (method == "POST") out.headers.push_back({"Content-Type", "text/plain;charset=UTF-8"});
  out.body = std::move(body);
  return out;
}

void socket::link::poll() {
  polling_ = true;
  const auto now = clock::now();
  // A poll is held as long as nothing is due; a server that is alive pings within these times.
  auto deadline = now + options_.patience;
  if (session_.is_open()) deadline += session_.shaken()->ping_interval + session_.shaken()->ping_timeout;
  polls_->send(request("GET", ""), now, deadline, [weak = weak_from_this()](http::exchange got) {
    if (const auto self = weak.lock()) self->on_poll(std::move(got));
  });
}

void socket::link::on_poll(http::exchange got) {
  polling_ = false;
  if (life_ == life::ended) return;
  if (!got.answered() || got.status != 200) return fail(got, "a poll");
  keep_cookies(got.headers);
  for (const std::string_view piece : split_payload(got.body)) {
    if (!take(session_.read(piece, got.completed), got.completed)) return;
  }
  if (life_ == life::leaving) {
    if (!posting_ && session_.outgoing().empty()) finish(end_.kind, end_.at, end_.detail);
    return;
  }
  if (carrier_ == carrier::polling) return poll();
  switch_over();
}

void socket::link::post() {
  if (posting_) return;
  posting_ = true;
  const std::size_t most = session_.shaken()->max_payload;
  const auto now = clock::now();
  posts_->send(request("POST", take_payload(session_.outgoing(), most > 0 ? most : usual_max_payload)), now,
               now + options_.patience, [weak = weak_from_this()](const http::exchange& got) {
                 if (const auto self = weak.lock()) self->on_post(got);
               });
}

void socket::link::on_post(const http::exchange& got) {
  posting_ = false;
  if (life_ == life::ended) return;
  if (!got.answered() || got.status != 200) return fail(got, "a POST");
  keep_cookies(got.headers);
  if (carrier_ == carrier::switching) return switch_over();
  if (!session_.outgoing().empty()) return flush();
  // The poll that is held brings what came before the farewell.
  if (life_ == life::leaving && (!polling_ || end_.kind == end_kind::refused)) {
    finish(end_.kind, end_.at, end_.detail);
  }
}

void socket::link::fail(const http::exchange& got, std::string_view what) {
  if (life_ == life::leaving) return finish(end_.kind, end_.at, end_.detail);
  const std::string summary = fmt::format("{}: {}", what, got.summary());
  if (!session_.is_open() && got.answered()) {
    end_.status = got.status;
    end_.headers = got.headers;
    return finish(end_kind::refused, got.completed, summary);
  }
  const bool silence = got.failure == http::failure::timeout;
  finish(silence ? end_kind::timeout : end_kind::error, got.completed, summary);
}

void socket::link::open_websocket() {
  url there = where_;
  there.scheme = where_.secure() ? "wss" : "ws";
  there.path = query("websocket");
  websocket::socket_handlers handlers;
  handlers.on_open = [weak = weak_from_this()](time_point) {
    if (const auto self = weak.lock()) self->on_websocket_open();
  };
  handlers.on_message = [weak = weak_from_this()](websocket::opcode op, std::string_view payload, time_point now) {
    if (const auto self = weak.lock()) self->on_websocket_message(op, payload, now);
  };
  handlers.on_end = [weak = weak_from_this()](const websocket::end& got) {
    if (const auto self = weak.lock()) self->on_websocket_end(got);
  };
  websocket_.emplace(
      io_, there,
      websocket::socket_options{.handshake = {.headers = headers(), .subprotocols = options_.subprotocols},
                                .patience = options_.patience},
      std::move(handlers));
}

void socket::link::on_websocket_open() {
  if (carrier_ == carrier::polling) websocket_->send_text("2probe");
}

void socket::link::on_websocket_message(websocket::opcode op, std::string_view payload, time_point now) {
  if (life_ == life::ended) return;
  if (carrier_ == carrier::websocket) {
    const bool text = op == websocket::opcode::text;
    take(text ? session_.read(payload, now) : session_.read_attachment(now), now);
    return;
  }
  if (carrier_ == carrier::polling && payload == "3probe") {
    carrier_ = carrier::switching;
    return switch_over();
  }
  // Whatever else it is, it is no answer to the probe: polling goes on without it.
  websocket_.reset();
  if (carrier_ == carrier::switching) {
    carrier_ = carrier::polling;
    if (!polling_) poll();
    flush();
  }
}

void socket::link::on_websocket_end(const websocket::end& got) {
  if (life_ == life::ended) return;
  if (carrier_ != carrier::websocket) {
    const bool was_switching = std::exchange(carrier_, carrier::polling) == carrier::switching;
    websocket_.reset();
    if (was_switching && !polling_) poll();
    return flush();
  }
  end_.code = got.code;
  end_.reason = got.reason;
  end_.clean = got.clean;
  if (end_.status == 0) end_.status = got.status == 101 ? 0 : got.status;
  end_.headers = got.headers;
  if (life_ == life::leaving) return finish(end_.kind, end_.at, end_.detail);
  finish(got.kind, got.at, got.detail);
}

void socket::link::switch_over() {
  if (polling_ || posting_) return;
  carrier_ = carrier::websocket;
  websocket_->send_text(write_engine_packet(engine_type::upgrade));
  flush();
}

}  // namespace client::socketio

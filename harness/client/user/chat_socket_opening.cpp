#include "harness/client/user/chat_socket_state.hpp"

#include <algorithm>
#include <utility>

namespace client {

namespace {

// Fills templates and keeps the first clause of what is missing.
class filler {
 public:
  explicit filler(const chat_socket_options& options) : anonymous_(options.anonymous) { from_.self = &options.own; }

  std::optional<std::string> text(const text_template& from, std::string_view what) {
    auto filled = from.fill(from_);
    if (filled) return std::move(*filled);
    missing(what, filled.error());
    return std::nullopt;
  }
  std::optional<std::string> unless_null(const text_template& from, std::string_view what) {
    auto filled = from.fill_unless_null(from_);
    if (filled) return std::move(*filled);
    missing(what, filled.error());
    return std::nullopt;
  }

  const std::string& problem() const noexcept { return problem_; }

 private:
  void missing(std::string_view what, const reason& why) {
    if (problem_.empty() && !anonymous_) problem_ = std::string(what) + " " + why.clause;
  }

  scope from_;
  std::string problem_;
  bool anonymous_;
};

void add_query(url& to, std::string_view text) {
  if (text.empty()) return;
  to.path += to.path.find('?') == std::string::npos ? '?' : '&';
  to.path += text;
}

}  // namespace

checked<opening> prepare(url where, const chat_socket_options& options) {
  const socket_description& described = *options.described;
  filler fill(options);
  opening out;
  out.where = std::move(where);
  if (described.path) {
    if (auto path = fill.text(*described.path, "socket.path")) {
      out.where.path = path->starts_with('/') ? *path : "/" + *path;
    }
  } else if (described.kind == socket_kind::socketio && out.where.path == "/") {
    out.where.path = "/socket.io/";
  }
  for (const auto& [name, value] : described.query) {
    if (const auto text = fill.unless_null(value, "socket.query")) {
      add_query(out.where, percent_encoded(name) + "=" + *text);
    }
  }
  add_query(out.where, options.query);
  out.headers = options.headers;
  for (const auto& [name, value] : described.headers) {
    std::erase_if(out.headers, [&known = name](const http::header& h) { return http::same_name(h.name, known); });
    if (!value) continue;
    if (auto text = fill.text(*value, "socket.headers")) out.headers.push_back({name, std::move(*text)});
  }
  for (const text_template& each : described.protocols) {
    if (auto text = fill.text(each, "socket.protocols")) out.protocols.push_back(std::move(*text));
  }
  out.name_space = fill.text(described.name_space, "socket.namespace").value_or("/");
  if (described.auth) out.auth = fill.text(*described.auth, "socket.auth").value_or("");
  if (!fill.problem().empty()) return reason{fill.problem()};
  return checked<opening>(boost::system::in_place_value, std::move(out));
}

void chat_socket::state::open_raw(const url& where, websocket::socket_options how) {
  const std::weak_ptr<state> weak = weak_from_this();
  websocket::socket_handlers below;
  below.on_open = [weak](time_point at) {
    if (const auto self = weak.lock()) self->on_open(at);
  };
  below.on_message = [weak](websocket::opcode op, std::string_view payload, time_point at) {
    const auto self = weak.lock();
    if (!self) return;
    if (op == websocket::opcode::text) return self->on_text(payload, at);
    if (self->handlers.on_frame) self->handlers.on_frame(payload, at);
    self->other(payload, at);
  };
  below.on_end = [weak](const websocket::end& end) {
    if (const auto self = weak.lock()) self->on_end(end);
  };
  raw.emplace(io, where, std::move(how), std::move(below));
}

void chat_socket::state::open_described(url where) {
  const socket_description& described = *options.described;
  auto begin = prepare(std::move(where), options);
  if (!begin) return give_up(begin.error().clause);
  if (described.kind == socket_kind::websocket) {
    return open_raw(begin->where,
                    {.handshake = {.headers = std::move(begin->headers), .subprotocols = std::move(begin->protocols)},
                     .patience = options.patience});
  }
  const auto uses = [&](socket_transport which) { return std::ranges::count(described.transports, which) > 0; };
  socketio::socket_options how;
  how.session = {.name_space = begin->name_space, .auth = begin->auth};
  how.polling = uses(socket_transport::polling);
  how.websocket = uses(socket_transport::websocket);
  how.headers = std::move(begin->headers);
  how.subprotocols = std::move(begin->protocols);
  how.patience = options.patience;
  const std::weak_ptr<state> weak = weak_from_this();
  socketio::socket_handlers below;
  below.on_open = [weak](time_point at) {
    if (const auto self = weak.lock()) self->on_open(at);
  };
  below.on_connect = [weak](std::string_view, time_point at) {
    if (const auto self = weak.lock()) self->on_connect(at);
  };
  below.on_event = [weak](std::string_view list, std::optional<std::uint64_t>, time_point at) {
    if (const auto self = weak.lock()) self->on_event(list, at);
  };
  below.on_acknowledged = [weak](std::uint64_t ack, std::string_view list, time_point at) {
    const auto self = weak.lock();
    if (self && self->reader) self->apply(self->reader->on_acknowledged(ack, list), {}, at);
  };
  below.on_end = [weak](const websocket::end& end) {
    if (const auto self = weak.lock()) self->on_end(end);
  };
  events.emplace(io, begin->where, std::move(how), std::move(below));
}

}  // namespace client

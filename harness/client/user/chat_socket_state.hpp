// What a chat socket holds. Only the handlers of what it owns refer to it, weakly: it goes when its owner goes, also
// from inside a handler.
#pragma once

#include "harness/client/socketio/socket.hpp"
#include "harness/client/user/chat_socket.hpp"

namespace client {

struct chat_socket::state : std::enable_shared_from_this<state> {
  state(asio::io_context& context, chat_socket_options chosen, chat_handlers to_call);

  void open_raw(const url& where, websocket::socket_options options);
  void open_described(url where);
  void forget();
  void abandon();
  bool over() const noexcept { return ended.has_value() || abandoned; }

  void on_open(time_point at);
  void on_connect(time_point at);
  void on_text(std::string_view text, time_point at);
  void on_event(std::string_view list, time_point at);
  void on_end(const websocket::end& end);
  // The frames of the reference, raw.
  void on_reference(std::string_view raw, std::string_view frame, time_point at);
  void apply(frames::outcome outcome, std::string_view frame, time_point at);
  void other(std::string_view frame, time_point at);
  void write(const std::vector<frames::written>& all);
  void beat();
  void refuse(std::string why, time_point at);
  // The end, from the loop: it could not even begin.
  void give_up(std::string why);

  asio::io_context& io;
  chat_socket_options options;
  chat_handlers handlers;
  std::optional<frames::interpreter> reader;  // nothing: the frames are the reference's
  std::optional<time_point> ready_at;
  std::optional<websocket::end> ended;
  std::optional<websocket::socket> raw;
  std::optional<socketio::socket> events;
  std::optional<timer> heartbeat;
  time_point started;
  bool abandoned = false;
};

// The address and the first words of a described socket, its templates filled in; or the clause of what is missing.
struct opening {
  url where;
  std::vector<http::header> headers;
  std::vector<std::string> protocols;
  std::string name_space;
  std::string auth;
};
checked<opening> prepare(url where, const chat_socket_options& options);

}  // namespace client

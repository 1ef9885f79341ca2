// All Engine.IO sessions of the process and how their bytes travel: long-polling over the HTTP server's exchanges,
// WebSocket over the sockets, and the upgrade from the one to the other. The rules are socketio::session's; this is its
// carrier. Owned by the hub, on the loop's thread.
//
// Promises: what is sent to one session arrives in that order and once, over an upgrade too; a polling session is under
// the same bounds as a socket; on_ended() comes once for each session, and nothing is sent to it afterwards but its
// end.
#pragma once

#include "reference-server/gateway/engine_request.hpp"
#include "reference-server/gateway/sockets.hpp"
#include "reference-server/http/exchange.hpp"
#include "reference-server/socketio/session.hpp"

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace gateway {

struct engine_options {
  socketio::session_times times;
  socket_limits bounds;              // of what is queued for a polling session, and of a client's message
  std::string name = "g1";           // begins each session id, so that requests can be sent to the right process
  std::vector<std::string> origins;  // none: any
};

class engine_owner {
 public:
  virtual void on_opened(socket_id id) = 0;
  // One message of the client. It may close the session or renew its name.
  virtual void on_text(socket_id id, std::string_view text) = 0;
  virtual void on_binary(socket_id id, std::string_view bytes) = 0;
  // What is to be sent before the end; empty: nothing.
  virtual frame last_words_of(socket_id id, close_code why) = 0;
  virtual void on_ended(socket_id id, close_code why) = 0;

 protected:
  ~engine_owner() = default;
};

class engine final : session_carrier {
 public:
  engine(boost::asio::io_context& context, sockets& carriers, engine_options options, engine_owner& owner);

  // A request to the protocol's path. `available`: whether new sessions are taken; if not they get 503.
  void serve(http::exchange asked, bool available);

  // A text or binary frame, whose payload is an Engine.IO packet (a binary one: a message). Does nothing for a session
  // that has ended.
  void send(socket_id id, const frame& due);
  // The codes of the close table; polling clients are told by `1`, unless the fault is theirs.
  void close(socket_id id, close_code why);
  void close_all(close_code why);
  // A POST of the sid was refused as too big before it got here.
  void refused_as_too_big(std::string_view sid);

  // The same session under a new name: what comes late for the old one finds nobody.
  socket_id renew(socket_id id);
  void set_joined(socket_id id, bool joined);
  // When its token ends: it is closed with 4401.
  void set_expiry(socket_id id, token::time_point expires_at);

  // A tick of the sockets' clock.
  void on_tick(bool paused);

  std::size_t count() const { return by_sid_.size(); }  // those whose end is still to be fetched included
  template <class Call>
  void each_open(Call call) {
    for (std::uint32_t place = 0; place < slots_.size(); ++place) {
      if (open(place)) call(name_of(place));
    }
  }

 private:
  struct polling_side {
    backlog due;
    std::optional<http::exchange> held;  // the GET that waits
    std::uint64_t held_number = 0;       // which of all polls it is
    bool dirty = false;                  // stands in dirty_
  };
  struct slot {
    std::optional<socketio::session> rules;  // none: the place is free
    std::string sid;
    std::unique_ptr<polling_side> polling;  // while no WebSocket carries it
    socket_id socket, candidate;
    token::time_point expires_at = token::time_point::max();
    std::uint32_t life = 0;
  };
  using carrier = socketio::session::carrier;

  bool open(std::uint32_t at) const { return slots_[at].rules && !slots_[at].rules->closing(); }
  socket_id name_of(std::uint32_t at) const { return {at | socket_id::session_bit, slots_[at].life}; }
  slot* find(socket_id id);
  slot& create(carrier opened_by, std::uint32_t& at);
  std::string open_packet(const slot& p) const;
  void forget(std::uint32_t at);
  void give_packet(std::uint32_t at, const socketio::engine_packet& packet, socketio::session::meaning meaning);
  // Polling
  void open_polling(http::exchange asked);
  void poll(std::uint32_t at, http::exchange asked);
  void post(std::uint32_t at, http::exchange asked);
  bool take_payload(std::uint32_t at, std::string_view body);
  void answer_poll(std::uint32_t at, std::string_view when_empty);
  void answer_with(http::exchange asked, std::string body);
  void queue(std::uint32_t at, const frame& due);
  void mark_dirty(std::uint32_t at);
  void answer_dirty();
  void end_polling(std::uint32_t at, close_code why);
  // WebSocket
  void open_websocket(http::exchange asked);
  void open_candidate(std::uint32_t at, http::exchange asked);
  void upgrade(std::uint32_t at);
  void on_message(socket_id id, std::uint32_t at, bool binary, std::string_view payload) override;
  frame last_words(socket_id id, std::uint32_t at, close_code why) override;
  void on_session_leaving(socket_id id, std::uint32_t at, close_code why) override;
  // The clock
  void look(std::uint32_t at);
  bool look_at_polling(std::uint32_t at);
  void schedule(std::uint32_t at);

  boost::asio::io_context& context_;
  sockets& sockets_;
  engine_options options_;
  engine_owner& owner_;
  std::deque<slot> slots_;
  std::vector<std::uint32_t> free_;
  std::unordered_map<std::string_view, std::uint32_t> by_sid_;  // the views are the places'
  std::vector<std::uint32_t> dirty_;
  std::uint64_t polls_held_ = 0;  // since the start
  wheel wheel_;
};

}  // namespace gateway

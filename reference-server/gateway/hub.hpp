// The gateway's main flow: a handshake (of a plain socket) or a CONNECT (of a Socket.IO session) becomes a socket that
// waits for its attach point; Redis' answer attaches it and it gets `ready`; from there each message published for its
// user goes out on it; a lost or resynchronised subscription closes it. Owned by main, on the loop's thread. Decides;
// the parts it joins do the work.
#pragma once

#include "reference-server/gateway/engine.hpp"
#include "reference-server/gateway/router.hpp"
#include "reference-server/gateway/sockets.hpp"
#include "reference-server/http/exchange.hpp"
#include "reference-server/redis/nodes.hpp"
#include "reference-server/socketio/connection.hpp"
#include "reference-server/token/token.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {

struct hub_options {
  redis::address redis;
  redis::limits link;
  socket_limits sockets;
  std::vector<std::string> origins;       // none: any
  std::string name = "g1";                // of the process, for session ids
  socketio::session_times session_times;  // the heartbeat's are those of the sockets
};

// What happened since the start; each counter only grows.
struct hub_counts {
  std::uint64_t opened = 0;          // handshakes that became plain sockets
  std::uint64_t sessions = 0;        // Engine.IO sessions opened
  std::uint64_t refused = 0;         // requests answered with an error
  std::uint64_t ready = 0;           // sockets and sessions attached
  std::uint64_t messages = 0;        // published messages read from Redis
  std::uint64_t deliveries = 0;      // message frames queued on sockets
  std::uint64_t resyncs = 0;         // resync notes read from Redis
  std::uint64_t links_lost = 0;      // times the Redis link went down
  std::uint64_t closed_slow = 0;     // 1013
  std::uint64_t closed_expired = 0;  // 4401
};

class hub final : public http::service, redis::nodes_listener, sockets_owner, engine_owner {
 public:
  hub(boost::asio::io_context& context, hub_options options, const token::signer& tokens);

  // Begins to connect to Redis; `first_up` is called once, when upgrades are served for the first time.
  void start(std::function<void()> first_up);
  // Closes every socket with 1001 and the link; then nothing of the hub keeps the loop running, after 2 s at the
  // latest.
  void stop();

  void serve(http::exchange asked) override;
  void answering(const http::request& asked, http::response& answer, std::chrono::nanoseconds took) override;

  // Header lines that let a page of an allowed Origin read the answer to this request.
  std::string allow_origin_of(const http::request& asked) const { return allow_origin(asked, options_.origins); }
  bool link_up() const { return redis_.up(); }
  const std::string& link_error() const { return redis_.last_error(); }
  std::size_t open_sockets() const { return sockets_.count(); }
  std::size_t open_sessions() const { return engine_.count(); }
  std::size_t subscribed_users() const { return router_.users(); }
  const hub_counts& counts() const { return counts_; }

 private:
  void on_node_up(std::size_t node) override;
  void on_all_up() override;
  void on_node_down(std::size_t node, const redis::slot_set& slots, std::string_view why) override;
  void on_failed_try(std::string_view why) override;
  void on_reply(std::size_t node, std::uint64_t token, const redis::reply& answer) override;
  void on_message(std::string_view channel, std::string_view payload) override;
  void on_channel_lost(std::string_view channel) override;
  void on_leaving(socket_id id, close_code why) override;
  void on_empty() override;
  void on_tick(bool paused) override { engine_.on_tick(paused); }
  void on_opened(socket_id id) override;
  void on_text(socket_id id, std::string_view text) override;
  void on_binary(socket_id id, std::string_view bytes) override;
  frame last_words_of(socket_id id, close_code why) override;
  void on_ended(socket_id id, close_code why) override;

  void serve_plain(http::exchange asked);
  void on_guest(socket_id id, const socketio::connection::message& said);
  void connect(socket_id id, const socketio::packet& asked);
  void left(socket_id id);
  void count_close(close_code why);
  void subscribe(socket_id id, std::string_view user);
  void attached(socket_id id);
  void missed(socket_id id);
  void deliver(std::string_view user, std::string_view message);
  void resync(std::string_view user);
  void resync_all();

  hub_options options_;
  const token::signer& tokens_;
  router router_;
  sockets sockets_;
  engine engine_;
  std::vector<socketio::connection> guests_;  // of the sessions, by index
  redis::nodes redis_;
  std::function<void()> first_up_;
  bool stopping_ = false;
  std::string reported_failure_;  // the last one that was logged
  hub_counts counts_;
};

}  // namespace gateway

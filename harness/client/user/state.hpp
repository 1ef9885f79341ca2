// What a user holds: its identity, its session, its connections, and what it knows about its chats. Owned by the user;
// what is under way refers to it weakly.
#pragma once

#include "harness/client/target/variables.hpp"
#include "harness/client/user/cookie_jar.hpp"
#include "harness/client/user/login_pace.hpp"
#include "harness/client/user/user.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace client {

// What templates know of a chat, from one member's side.
struct known_chat {
  std::shared_ptr<variables> chat;
  std::shared_ptr<const variables> peer;  // the other one's; nothing for a stranger
};

struct user::state : std::enable_shared_from_this<user::state> {
  state(asio::io_context& context, std::shared_ptr<const client::target> described, std::string given,
        user_options chosen);
  ~state();

  std::string own_token();
  std::string minted(std::chrono::seconds ttl) const;
  std::string badly_minted(jwt::flaw flaw) const;
  // Ours (agent, session), then those of the request, then those of the call; the later one of a name stays.
  std::vector<http::header> headers(const std::vector<http::header>& of_request, const call& call);
  // What opens the session, by itself.
  void add_session(std::vector<http::header>& out, const call& call);
  std::string with_session_query(std::string target, const call& call) const;
  // What the templates of the socket may use; without a credential nothing that a login gave.
  variables socket_variables(const call& call);
  void send(http::request request, http::exchange_handler handler, const call& call);
  // Without looking at the session: the requests that make it.
  void send_bare(http::request request, http::exchange_handler handler, std::chrono::milliseconds patience);
  // The handler gets an exchange that never was.
  void fail(std::string why, const http::exchange_handler& handler);

  // Calls back, from the loop, once there is a session: with "" or with why there is none.
  void log_in(std::function<void(const std::string& problem)> done);
  std::vector<std::string> secrets() const;
  bool has_session() const noexcept { return session == session_is::in; }

  // To whoever wants to know what was made on the target.
  void tell_of_chat(const variable& chat_id, const state& peer, const variables& captured) const;
  void tell_of_registration() const;
  maker as_maker() const { return {.name = given, .row = options.row, .id = id}; }

  known_chat chat_of(std::string_view id) const;
  // Learns of a chat; sockets that are open join it.
  void remember(const std::string& chat_id, known_chat chat);
  bool all_joined() const;  // every socket has joined every chat that it was told to
  static frames::joining joining_of(const known_chat& chat);
  scope scope_of(const known_chat& in, std::span<const local_variable> call = {}) const;

  asio::io_context& io;
  std::shared_ptr<const client::target> target;
  std::string given;  // the name that it has where it is not known by an id
  std::string id;
  user_options options;
  std::shared_ptr<http::pool> pool;
  std::size_t next_socket;
  std::string token;
  jwt::wall_time renew_at{};

  std::shared_ptr<variables> own = std::make_shared<variables>();
  cookie_jar cookies;
  http::exchange login_answer;  // the last one of a log-in that failed
  std::unordered_map<std::string, known_chat> chats;
  std::vector<chat_socket::joiner> sockets;  // where chats are joined
  // Where the target limits the rate of messages: when the next one is due, and when the last one went out.
  time_point next_message{};
  std::optional<time_point> last_message;

 private:
  enum class session_is : std::uint8_t { none, under_way, in };
  void send_now(http::request request, http::exchange_handler handler, const call& call, bool may_refresh);
  void begin_login();
  void end_login(const std::string& problem);
  void name_user();
  void take_kept_session();
  void keep_session();
  variables session_variables(const call& call) const;

  session_is session = session_is::none;
  bool signed_up_ = false;
  std::string kept_as_;         // in the store of sessions
  std::uint64_t sessions_ = 0;  // that there were
  std::optional<time_point> session_ends_;
  std::optional<timer> pause_;
  std::vector<std::function<void(const std::string&)>> waiting_;
};

}  // namespace client

// One simulated user of a target: logs in (or mints its token), keeps its HTTP connections, acts, and opens sockets.
// Owned by a case or a worker, on the thread of its io_context. Any number of actions may be under way at once: they
// share the user's connections, and wait for one in order.
//
// The callback of an action is called exactly once, from the loop; never after the user was destroyed. What the target
// does wrong is in the reply.
#pragma once

#include "harness/client/http/pool.hpp"
#include "harness/client/jwt/token.hpp"
#include "harness/client/target/target.hpp"
#include "harness/client/user/chat_socket.hpp"
#include "harness/client/user/created_thing.hpp"
#include "harness/client/user/login_pace.hpp"
#include "harness/client/user/message.hpp"
#include "harness/client/user/session_store.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace client {

// Whom a request claims to be.
struct own_credential {};
struct no_credential {};
struct other_token {
  std::string token;
};
using credential = std::variant<own_credential, no_credential, other_token>;

struct call {
  client::credential credential = own_credential{};
  std::vector<http::header> headers = {};                  // added; one of the same name replaces ours
  std::optional<std::chrono::milliseconds> patience = {};  // else the target's
};

struct history_query {
  std::optional<std::string> after = {};
  std::optional<std::string> before = {};
  std::optional<unsigned> limit = {};
};

struct user_options {
  std::size_t connections = 4;                   // of its own, unless it shares some
  std::shared_ptr<http::pool> pool = {};         // shared with other users of the same target
  std::string agent = "rollcall";                // User-Agent
  std::uint64_t row = 0;                         // of the target's users, where it has rows
  std::shared_ptr<login_pace> pace = {};         // of logins, shared with other users
  std::shared_ptr<session_store> sessions = {};  // where the target's are kept, shared with other users
  // Told of what this user made on the target: itself, when it was registered, and chats.
  std::function<void(const created_thing&)> on_created = {};
  std::optional<variables> registered = {};  // it was, earlier, and this was captured then: that is not done again
};

struct cleanup_outcome {
  std::string problem;  // why it is not done; empty: it is
  bool gone = false;    // an answer was 404 or 410: somebody has done it before
  bool answered = true;
};

template <class T>
using reply_handler = std::function<void(reply<T>)>;

class user {
 public:
  struct state;  // of this folder's files

  user(asio::io_context& io, std::shared_ptr<const target> target, std::string id, user_options options = {});
  ~user();
  user(user&&) noexcept;
  user& operator=(user&&) noexcept;

  // What names this user in answers and frames. Of some targets only the login tells: until then it is the name.
  const std::string& id() const noexcept;
  const client::target& target() const noexcept;
  // The user's own token, minted at construction and again when less than a minute of it is left.
  std::string token() const;
  std::string token(std::chrono::seconds ttl) const;
  std::string bad_token(jwt::flaw flaw) const;

  // Makes a session now; what is asked for without one makes it first. "" or why there is none.
  void log_in(std::function<void(const std::string& problem)> done);
  // After log_in(): what this user's requests carry of its session, as headers and as a query ("?a=b", or nothing).
  std::vector<http::header> session_headers();
  std::string session_query() const;
  // The last answer to a log-in that failed; status 0 when there was none.
  const http::exchange& login_answer() const noexcept;

  // What opens a session and must not be shown: what a log-in captured, cookies, tokens, columns that hold passwords.
  // Not what names the user.
  std::vector<std::string> secrets() const;

  void create_chat(std::string_view peer, reply_handler<chat> handler, const call& call = {});
  // The same by the steps of the target, some of them the peer's; both know the chat afterwards. Both must live on
  // until the handler was called.
  void create_chat(user& peer, reply_handler<chat> handler, const call& call = {});
  // What this user calls a chat that create_chat() gave to it or to its peer.
  std::string name_of_chat(std::string_view chat_id) const;
  void list_chats(reply_handler<page<chat>> handler, const call& call = {});
  void get_chat(std::string_view chat_id, reply_handler<chat> handler, const call& call = {});
  void send(std::string_view chat_id, std::string_view body, reply_handler<message> handler, const call& call = {});
  void history(std::string_view chat_id, const history_query& query, reply_handler<page<message>> handler,
               const call& call = {});
  void get_message(std::string_view chat_id, std::string_view message_id, reply_handler<message> handler,
                   const call& call = {});

  // The body of the request that sends, with this as the text: JSON when `bare` (null, 7, []).
  std::string send_body(std::string_view chat_id, std::string_view text, bool bare = false) const;
  // Sends these bytes in the place of that body.
  void send_raw(std::string_view chat_id, std::string body, http::exchange_handler handler, const call& call = {});

  void walk_chats(std::function<void(chat_walk)> handler, const call& call = {});

  // Follows `next` from the first page of `query` (default: after=0, forward) until it is null, at most `max_pages`
  // pages. Never leaves the target's own address. Where the target describes its history, it is read as described, the
  // oldest message first in the result; `after` then cuts off what came before.
  void walk_history(std::string_view chat_id, std::function<void(walk)> handler,
                    const history_query& query = {.after = "0", .limit = 200}, std::size_t max_pages = 1000,
                    const call& call = {});

  // Runs steps of the target's cleanup: of a chat, whose variables are in `chat` and whose other member is `peer` (each
  // may be nothing), or of the user itself. What is gone (404, 410) is as good as removed. The steps and the peer must
  // live on until the handler was called.
  void clean_up(const http_steps& steps, std::shared_ptr<variables> chat, user* peer,
                std::function<void(const cleanup_outcome&)> done);

  // Any request below the base URL with this user's credential.
  void request(http::request request, http::exchange_handler handler, const call& call = {});

  // Starts to connect at once. Sockets go round the target's socket URLs. `query` is added to the address.
  std::unique_ptr<chat_socket> open_socket(chat_handlers handlers, const call& call = {}, std::string query = {});

 private:
  std::shared_ptr<state> state_;
};

}  // namespace client

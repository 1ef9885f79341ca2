// The users of a case and their sockets, each action written into the trace as it happens. Owned by the stage, on its
// thread; nothing here blocks.
#pragma once

#include "harness/client/user/user.hpp"
#include "harness/ledger/trace.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>

namespace conformance {

class stage;
class actor;

/// A chat between two users of a case.
struct chat {
  std::string id;            ///< the target's
  ledger::chat_id number{};  ///< the trace's
  actor* first = nullptr;    ///< its creator
  actor* second = nullptr;

  actor& peer_of(const actor& one) const { return &one == first ? *second : *first; }
};

/// A message of a case, from before its POST on.
struct message {
  ledger::message_id number{};
  std::string body;
  const conformance::chat* in = nullptr;
  actor* sender = nullptr;
  bool is_fence = false;
  ledger::instant sent_at{};
  std::optional<ledger::instant> acked_at;              ///< set when the answer was a success
  std::optional<client::reply<client::message>> reply;  ///< set when the answer (or its failure) is known

  bool answered() const { return reply.has_value(); }
  bool acked() const { return acked_at.has_value(); }
};

/// One socket of a user, and what came on it.
class device {
 public:
  device(stage& on, actor& owner);
  device(const device&) = delete;
  device& operator=(const device&) = delete;

  actor& owner() const { return owner_; }
  ledger::socket_id number() const { return number_; }
  bool ready() const { return socket_->ready(); }
  const std::optional<client::websocket::end>& ended() const { return socket_->ended(); }
  std::optional<ledger::instant> ready_at() const { return ready_at_; }
  bool got(ledger::message_id message) const { return arrivals_.contains(message); }
  client::chat_socket& socket() { return *socket_; }

  /// Writes the close frame; the socket reads on until the peer's close, its end, or the patience.
  void close();

 private:
  void on_message(const client::message& value, client::time_point when);
  void on_end(const client::websocket::end& end);

  stage& on_;
  actor& owner_;
  ledger::socket_id number_;
  std::optional<ledger::instant> ready_at_;
  std::unordered_set<ledger::message_id> arrivals_;
  bool closing_ = false;
  std::unique_ptr<client::chat_socket> socket_;
};

class actor {
 public:
  actor(stage& on, const std::string& name);

  const std::string& name() const { return user_.id(); }
  ledger::user_id number() const { return number_; }
  client::user& user() { return user_; }

  /// Starts a POST; the message fills up as it goes on and must live as long as the stage.
  void send(message& into, const conformance::chat& in, std::string_view rest, bool is_fence,
            const client::call& call = {});

 private:
  stage& on_;
  client::user user_;
  ledger::user_id number_;
};

}  // namespace conformance

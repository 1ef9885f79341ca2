// The users of a case and their sockets, each action written into the trace as it happens. Owned by the stage, on its
// thread; nothing here blocks.
#pragma once

#include "harness/client/user/user.hpp"
#include "harness/ledger/trace.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

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

  /// From when on nothing may be missed; nothing: it is not ready.
  std::optional<ledger::instant> warm_at() const;
  client::chat_socket& socket() { return *socket_; }

  /// Known by its tag or, when the text was damaged, by the id that its answer named.
  bool got(const message& sent) const;

  /// The first message event that came for a message, as it was.
  const client::message* arrival(const message& sent) const;
  const client::message* arrival(const std::string& id) const;

  /// Messages that carry no tag of this run.
  const std::vector<client::message>& foreign() const { return foreign_; }

  /// Frames, as text, that are no message of this run: ready, hello, strangers' messages. At most a megabyte is kept.
  const std::vector<std::string>& other_frames() const { return other_frames_; }

  /// Called for each message event as it arrives; may be empty.
  std::function<void(const client::message&)> on_arrival;

  /// Writes the close frame; the socket reads on until the peer's close, its end, or the patience.
  void close();

  /// Resets the connection without a word.
  void abort();

 private:
  void keep(std::string_view frame);
  void on_message(const client::message& value, std::string_view frame, client::time_point when);
  void on_end(const client::websocket::end& end);

  stage& on_;
  actor& owner_;
  ledger::socket_id number_;
  std::optional<ledger::instant> ready_at_;
  std::unordered_map<ledger::message_id, client::message> arrivals_;
  std::unordered_map<std::string, client::message> arrivals_by_id_;
  std::vector<client::message> foreign_;
  std::vector<std::string> other_frames_;
  std::size_t other_bytes_ = 0;
  std::string_view current_frame_;  // while it is being handled
  bool closing_ = false;
  std::unique_ptr<client::chat_socket> socket_;
};

class actor {
 public:
  actor(stage& on, client::user account);

  /// What names this user in the target's answers and frames.
  const std::string& name() const { return user_.id(); }
  ledger::user_id number() const { return number_; }
  client::user& user() { return user_; }

  /// What this user calls a chat.
  std::string calls(const std::string& chat) const { return user_.name_of_chat(chat); }

  /// Starts a POST; the message fills up as it goes on and must live as long as the stage.
  void send(message& into, const conformance::chat& in, std::string_view rest, bool is_fence,
            const client::call& call = {});

 private:
  stage& on_;
  client::user user_;
  ledger::user_id number_;
};

}  // namespace conformance

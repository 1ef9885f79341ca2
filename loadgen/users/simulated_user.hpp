// One user of a load run, living as behind the original front end: comes (lists its chats, opens its socket, catches up
// on what it missed once the socket is ready, so that socket and history together miss nothing), sends over HTTP, and
// leaves. A socket that ends by itself is opened again after a pause that doubles, 0.2 to 5 s, with jitter.
//
// Everything that it does and sees goes to the ledger. Owned by the worker, on its thread; must outlive the crowd's
// loop turns that still refer to it, so the worker keeps all users to its end.
#pragma once

#include "harness/client/user/user.hpp"
#include "loadgen/users/crowd.hpp"

#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace loadgen {

class simulated_user {
 public:
  // chats: the numbers of those that it is a member of.
  simulated_user(crowd& in, std::uint32_t number, std::vector<std::uint32_t> chats);
  ~simulated_user();
  simulated_user(const simulated_user&) = delete;
  simulated_user& operator=(const simulated_user&) = delete;

  std::uint32_t number() const { return number_; }
  client::user& account() { return account_; }

  void come(client::time_point intended);
  void leave();
  // POSTs the next message of this user in the chat. `intended` is the moment of the plan.
  void send(std::uint32_t chat, client::time_point intended);

  // Reads a chat's history, from the beginning or from where this user stands; `done` is called when it was read or
  // could not be.
  void read_history(std::uint32_t chat, bool whole, std::function<void()> done);

 private:
  struct connection {
    std::unique_ptr<client::chat_socket> socket;
    ledger::live_socket number;
    client::time_point intended;
    bool ready = false;
    bool leaving = false;
  };

  void open(client::time_point intended);
  void on_ready(connection& of, client::time_point when);
  void on_message(connection& of, const client::message& value, client::time_point when);
  void on_end(connection& of, const client::websocket::end& end);
  void on_answer(const ledger::message_key& message, client::time_point intended, bool waited,
                 const client::reply<client::message>& reply);
  void retry();

  crowd& in_;
  std::uint32_t number_;
  std::vector<std::uint32_t> chats_;
  client::user account_;
  std::list<connection> sockets_;                 // the present one first; the others are closing
  std::map<std::uint32_t, std::string> cursors_;  // by chat: the last id that history showed
  std::optional<client::timer> again_;
  int failures_ = 0;
  bool there_ = false;
};

}  // namespace loadgen

// A run told to a live ledger as a small story. For tests only.
//
//   live_story s;
//   s.at(0).opens("bob/phone").at(100).posts("m1").acks("m1").at(110).shows("bob/phone", "m1");
//   EXPECT_THAT(s.findings(), IsEmpty());
//
// Times are milliseconds. Users: alice 10, bob 11, carol 12; chats: alice and bob 5, bob and carol 6, alice and
// carol 7. A message is alice's to bob unless `posts` says otherwise. Ids count up from 1 in the order of the
// acknowledgements unless given.
#pragma once

#include "harness/ledger/live/live_ledger.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace ledger {

class live_story {
 public:
  static constexpr live_range range{10, 3, 5, 3};

  explicit live_story(rules declared = {}, live_limits limits = {})
      : book("test1", std::move(declared), range, limits) {
    book.chat(chat_id{5}, user("alice"), user("bob"));
    book.chat(chat_id{6}, user("bob"), user("carol"));
    book.chat(chat_id{7}, user("alice"), user("carol"));
  }

  live_ledger book;

  live_story& at(long milliseconds) {
    now_ = std::chrono::milliseconds(milliseconds);
    return *this;
  }

  // Sockets.
  live_story& starts(const std::string& socket) {
    sockets_[socket] = book.socket_started(now_, user(socket.substr(0, socket.find('/'))));
    numbers_[started_++] = socket;
    return *this;
  }
  live_story& ready(const std::string& socket) {
    book.socket_ready(now_, sockets_.at(socket));
    return *this;
  }
  live_story& opens(const std::string& socket) { return starts(socket).ready(socket); }
  live_story& ends(const std::string& socket, ending how = ending::closed_by_us, int code = 0) {
    book.socket_ended(now_, sockets_.at(socket), how, code);
    return *this;
  }
  live_story& goes(const std::string& socket) {
    book.socket_gone(now_, sockets_.at(socket));
    return *this;
  }
  live_story& leaves(const std::string& socket) { return ends(socket).goes(socket); }
  live_story& drains() {
    book.drained(now_);
    return *this;
  }

  // Messages.
  live_story& posts(const std::string& message, const std::string& from = "alice", const std::string& to = "bob") {
    messages_[message] = book.next_message(chat(from, to), user(from));
    book.sent(now_, messages_[message]);
    return *this;
  }
  live_story& acks(const std::string& message, const std::string& server_id = "", std::uint32_t attempt = 1) {
    ids_[message] = server_id.empty() ? std::to_string(++last_id_) : server_id;
    book.answered(now_, key(message), outcome::acked, ids_[message], attempt);
    return *this;
  }
  live_story& refuses(const std::string& message) {
    book.answered(now_, key(message), outcome::refused, "");
    return *this;
  }
  live_story& fails(const std::string& message) {
    book.answered(now_, key(message), outcome::unknown, "");
    return *this;
  }
  live_story& retries(const std::string& message) {
    book.sent(now_, key(message), 2);
    return *this;
  }

  // Frames.
  live_story& shows(const std::string& socket, const std::string& message, const std::string& server_id = "") {
    return shows_text(socket, body(message), server_id.empty() ? ids_[message] : server_id);
  }
  live_story& shows_text(const std::string& socket, const std::string& text, const std::string& server_id = "") {
    seen = book.frame(now_, sockets_.at(socket), server_id, text);
    return *this;
  }
  live_arrival seen;  // the last frame

  // A walk, all at one time. A row is the name of a message.
  live_story& walks(const std::string& reader, const std::string& a, const std::string& b,
                    const std::vector<std::string>& rows, bool whole = true) {
    const auto walk = book.walk_begun(now_, user(reader), chat(a, b), whole);
    for (const auto& row : rows) {
      book.walk_row(now_, walk, ids_[row], body(row));
    }
    book.walk_completed(now_, walk);
    return *this;
  }

  // What was found, sorted: "lost m1 bob/phone", "missing from history m1".
  std::vector<std::string> findings() const {
    std::vector<std::string> out;
    for (const auto& one : book.findings()) {
      out.push_back(std::string(name(one.kind)) + " " + name_of(one.message) +
                    (one.socket ? " " + numbers_.at(*one.socket) : ""));
    }
    std::sort(out.begin(), out.end());
    return out;
  }
  std::vector<std::string> uncertain() const { return pairs(book.uncertain()); }
  std::vector<std::string> announced() const { return pairs(book.announced()); }
  std::vector<std::string> missed_in_warm_up() const { return pairs(book.missed_in_warm_up()); }
  const counts& totals() const { return book.counts().totals; }

  std::string body(const std::string& message) const { return book.body(key(message), now_, "hello"); }
  message_key key(const std::string& message) const { return messages_.at(message); }
  live_socket socket(const std::string& name) const { return sockets_.at(name); }
  static user_id user(const std::string& name) { return user_id{name == "alice" ? 10U : name == "bob" ? 11U : 12U}; }
  static chat_id chat(const std::string& a, const std::string& b) {
    const auto has = [&](const char* who) { return a == who || b == who; };
    return chat_id{!has("carol") ? 5U : has("bob") ? 6U : 7U};
  }

 private:
  std::string name_of(const message_key& wanted) const {
    for (const auto& [name, one] : messages_) {
      if (one == wanted) {
        return name;
      }
    }
    return "?";
  }
  std::vector<std::string> pairs(std::span<const live_question> list) const {
    std::vector<std::string> out;
    for (const auto& one : list) {
      out.push_back(name_of(one.message) + " " + numbers_.at(one.socket));
    }
    return out;
  }

  instant now_{0};
  int last_id_ = 0;
  std::uint32_t started_ = 0;
  std::map<std::string, live_socket> sockets_;
  std::map<std::uint32_t, std::string> numbers_;
  std::map<std::string, message_key> messages_;
  std::map<std::string, std::string> ids_;
};

}  // namespace ledger

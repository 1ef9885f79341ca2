// A trace told as a small story, and its verdict in words. For tests only.
//
//   story s;
//   s.at(0).opens("bob/phone").at(100).posts("m1").acks("m1").at(110).shows("bob/phone", "m1");
//   EXPECT_THAT(s.findings(), IsEmpty());
//
// Times are milliseconds. A socket is called USER/NAME. A message is alice's to bob unless `posts` says otherwise, and
// its chat is the pair's. Ids count up from 1 in the order of the acknowledgements unless given.
#pragma once

#include "harness/ledger/judge.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace ledger {

class story {
 public:
  ledger::trace trace{"test1"};
  ledger::rules rules;

  story& at(long milliseconds) {
    now_ = std::chrono::milliseconds(milliseconds);
    return *this;
  }

  // Sockets.
  story& starts(const std::string& socket) {
    sockets_[socket] = trace.socket_started(now_, trace.user(socket.substr(0, socket.find('/'))));
    return *this;
  }
  story& ready(const std::string& socket) {
    trace.socket_ready(now_, sockets_.at(socket));
    return *this;
  }
  story& opens(const std::string& socket) { return starts(socket).ready(socket); }
  story& ends(const std::string& socket, ending how = ending::closed_by_us, int code = 0) {
    trace.socket_ended(now_, sockets_.at(socket), how, code);
    return *this;
  }
  story& server_closes(const std::string& socket, int code) { return ends(socket, ending::closed_by_peer, code); }
  story& drains(const std::string& socket, bool last = false) {
    trace.drained(now_, sockets_.at(socket), last);
    return *this;
  }

  // Messages.
  story& declares(const std::string& message, const std::string& from = "alice", const std::string& to = "bob") {
    if (!messages_.contains(message)) {
      messages_[message] = trace.next_message(chat(from, to), trace.user(from));
      recipients_[message] = trace.user(to);
    }
    return *this;
  }
  story& posts(const std::string& message, const std::string& from = "alice", const std::string& to = "bob") {
    declares(message, from, to);
    trace.sent(now_, id(message), recipients_.at(message), 1, message.starts_with("fence"));
    return *this;
  }
  story& retries(const std::string& message, std::uint32_t attempt = 2) {
    trace.sent(now_, id(message), recipients_.at(message), attempt);
    return *this;
  }
  story& acks(const std::string& message, const std::string& server_id = "", std::uint32_t attempt = 1) {
    ids_[message] =
        server_id.empty() ? (ids_.contains(message) ? ids_[message] : std::to_string(++last_id_)) : server_id;
    trace.answered(now_, id(message), outcome::acked, 201, names_ids ? ids_[message] : "", attempt);
    return *this;
  }
  story& refuses(const std::string& message, int status = 422, std::uint32_t attempt = 1) {
    trace.answered(now_, id(message), outcome::refused, status, "", attempt);
    return *this;
  }
  story& fails(const std::string& message, int status = 504, std::uint32_t attempt = 1) {
    trace.answered(now_, id(message), outcome::unknown, status, "", attempt);
    return *this;
  }

  // Frames.
  story& shows(const std::string& socket, const std::string& message, const std::string& server_id = "") {
    return shows_as(socket, {content::tagged, id(message)}, server_id.empty() && names_ids ? ids_[message] : server_id);
  }
  story& shows_damaged(const std::string& socket, const std::string& message, const std::string& server_id = "") {
    return shows_as(socket, {content::damaged, id(message)}, server_id);
  }
  story& shows_foreign(const std::string& socket, const std::string& server_id = "") {
    return shows_as(socket, {}, server_id);
  }
  story& shows_id(const std::string& socket, const std::string& server_id) {
    return shows_as(socket, {content::no_text, std::nullopt}, server_id);
  }
  story& shows_as(const std::string& socket, const recognised& what, const std::string& server_id) {
    trace.frame(now_, sockets_.at(socket), server_id, what);
    return *this;
  }

  // A whole walk, all at one time. A row is a message, "NAME!" when damaged, "NAME#ID" under another id, "?ID" foreign.
  story& walks(const std::string& reader, const std::string& peer, const std::vector<std::string>& rows,
               bool whole = true, bool complete = true) {
    begins_walk(reader, peer, whole);
    for (const auto& row : rows) {
      adds_row(row);
    }
    return complete ? completes_walk() : *this;
  }
  story& begins_walk(const std::string& reader, const std::string& peer, bool whole = true) {
    const auto owner = peer.find(':');  // "alice:bob": the chat of two others
    const auto of =
        owner == std::string::npos ? chat(reader, peer) : chat(peer.substr(0, owner), peer.substr(owner + 1));
    sweep_ = trace.sweep_begun(now_, trace.user(reader), of, whole);
    return *this;
  }
  story& adds_row(std::string row) {
    if (row[0] == '?') {
      trace.sweep_row(now_, sweep_, row.substr(1), {});
      return *this;
    }
    const bool damaged = row.back() == '!';
    if (damaged) {
      row.pop_back();
    }
    const auto hash = row.find('#');
    const auto name = row.substr(0, hash);
    const auto given = hash == std::string::npos ? ids_[name] : row.substr(hash + 1);
    trace.sweep_row(now_, sweep_, given, {damaged ? content::damaged : content::tagged, id(name)});
    return *this;
  }
  story& completes_walk() {
    trace.sweep_completed(now_, sweep_);
    return *this;
  }

  // The verdict.
  verdict judge() const { return ledger::judge(trace, rules); }
  std::vector<std::string> findings() const {
    std::vector<std::string> out;
    for (const auto& one : judge().findings) {
      out.push_back(std::string(name(one.kind)) + " " + name_of(one.message) + " " + name_of(one.socket));
    }
    std::sort(out.begin(), out.end());
    return out;
  }
  std::vector<std::string> uncertain() const { return pairs(judge().uncertain); }
  std::vector<std::string> announced() const { return pairs(judge().announced); }
  std::vector<std::string> missed_in_warm_up() const { return pairs(judge().missed_in_warm_up); }
  absence absent(const std::string& message, const std::string& socket) const {
    return ledger::absent(judge(), trace, rules, id(message), sockets_.at(socket));
  }

  message_id id(const std::string& message) const { return messages_.at(message); }
  socket_id socket(const std::string& socket) const { return sockets_.at(socket); }
  chat_id chat(const std::string& a, const std::string& b) { return trace.chat(std::min(a, b) + "+" + std::max(a, b)); }
  instant now() const { return now_; }

  bool names_ids = true;  // answers and frames name the target's ids

 private:
  template <typename Id>
  std::string name_of(std::optional<Id> wanted) const {
    if (!wanted) {
      return "history";
    }
    if constexpr (std::is_same_v<Id, message_id>) {
      return name_in(messages_, *wanted);
    } else {
      return name_in(sockets_, *wanted);
    }
  }
  template <typename Id>
  static std::string name_in(const std::map<std::string, Id>& table, Id wanted) {
    for (const auto& [name, one] : table) {
      if (one == wanted) {
        return name;
      }
    }
    return "?";
  }
  std::vector<std::string> pairs(const std::vector<open_question>& list) const {
    std::vector<std::string> out;
    for (const auto& one : list) {
      out.push_back(name_in(messages_, one.message) + " " + name_in(sockets_, one.socket));
    }
    return out;
  }

  instant now_{0};
  int last_id_ = 0;
  sweep_id sweep_{};
  std::map<std::string, socket_id> sockets_;
  std::map<std::string, message_id> messages_;
  std::map<std::string, user_id> recipients_;
  std::map<std::string, std::string> ids_;
};

}  // namespace ledger

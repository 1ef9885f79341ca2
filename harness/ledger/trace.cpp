#include "harness/ledger/trace.hpp"

#include <stdexcept>
#include <utility>

namespace ledger {
namespace {

template <typename Id>
std::size_t at(Id id) {
  return static_cast<std::size_t>(id);
}

void require(bool known, const char* what) {
  if (!known) {
    throw std::out_of_range(std::string("the trace never handed out this ") + what);
  }
}

}  // namespace

instant time_of(const event& value) {
  return std::visit([](const auto& one) { return one.at; }, value);
}

trace::trace(std::string run) : run_(std::move(run)) {
  if (!is_run_id(run_)) {
    throw std::invalid_argument("a run id is 1 to 8 characters of [a-z0-9], not '" + run_ + "'");
  }
}

std::uint32_t trace::names_table::number(std::string_view name) {
  if (const auto found = numbers.find(name); found != numbers.end()) {
    return found->second;
  }
  const auto number = static_cast<std::uint32_t>(names.size());
  names.emplace_back(name);
  numbers.emplace(names.back(), number);
  return number;
}

user_id trace::user(std::string_view name) {
  return user_id{users_.number(name)};
}
chat_id trace::chat(std::string_view name) {
  return chat_id{chats_.number(name)};
}

message_id trace::message(const message_key& key) {
  const auto [found, fresh] =
      message_numbers_.try_emplace(key, message_id{static_cast<std::uint32_t>(messages_.size())});
  if (fresh) {
    messages_.push_back(key);
  }
  return found->second;
}

message_id trace::next_message(chat_id in, user_id sender) {
  check(in);
  check(sender);
  return message({in, sender, ++last_sequence_[{in, sender}]});
}

std::string trace::body(message_id message, instant intended, std::string_view rest) const {
  const auto& of = key(message);
  return write_tag(
      {run_, static_cast<std::uint32_t>(of.chat), static_cast<std::uint32_t>(of.sender), of.sequence, intended}, rest);
}

recognised trace::recognise(std::string_view body) {
  const auto found = read_tag(body);
  if (!found || found->tag.run != run_) {
    return {};
  }
  return {found->intact ? content::tagged : content::damaged,
          message({chat_id{found->tag.chat}, user_id{found->tag.sender}, found->tag.sequence})};
}

void trace::sent(instant when, message_id message, user_id recipient, std::uint32_t attempt, bool is_fence) {
  append(ledger::sent{when, message, recipient, attempt, is_fence});
}

void trace::answered(instant when, message_id message, outcome result, int status, std::string_view server_id,
                     std::uint32_t attempt) {
  append(ledger::answered{when, message, attempt, result, status, std::string(server_id)});
}

socket_id trace::socket_started(instant when, user_id user) {
  const socket_id socket{static_cast<std::uint32_t>(socket_users_.size())};
  append(ledger::socket_started{when, socket, user});
  return socket;
}

void trace::socket_ready(instant when, socket_id socket) {
  append(ledger::socket_ready{when, socket});
}

void trace::socket_ended(instant when, socket_id socket, ending how, int close_code) {
  append(ledger::socket_ended{when, socket, how, close_code});
}

void trace::frame(instant when, socket_id socket, std::string_view server_id, const recognised& text,
                  std::optional<chat_id> chat) {
  append(ledger::frame{when, socket, std::string(server_id), chat, text.kind, text.message});
}

void trace::drained(instant when, socket_id socket, bool last) {
  append(ledger::drained{when, socket, last});
}

sweep_id trace::sweep_begun(instant when, user_id reader, chat_id chat, bool whole) {
  const sweep_id sweep{sweeps_};
  append(ledger::sweep_begun{when, sweep, reader, chat, whole});
  return sweep;
}

void trace::sweep_row(instant when, sweep_id sweep, std::string_view server_id, const recognised& text) {
  append(ledger::sweep_row{when, sweep, std::string(server_id), text.kind, text.message});
}

void trace::sweep_completed(instant when, sweep_id sweep) {
  append(ledger::sweep_completed{when, sweep});
}

void trace::append(event value) {
  struct checker {
    trace& self;
    void text(content kind, const std::optional<message_id>& message) const {
      if (message) {
        self.check(*message);
      }
      require(message.has_value() == (kind == content::tagged || kind == content::damaged), "kind of text");
    }
    void operator()(const ledger::sent& one) const {
      self.check(one.message);
      self.check(one.recipient);
      // A tag carries numbers of this trace, so what is sent must be of a known chat and sender.
      self.check(self.key(one.message).chat);
      self.check(self.key(one.message).sender);
    }
    void operator()(const ledger::answered& one) const { self.check(one.message); }
    void operator()(const ledger::socket_started& one) const {
      self.check(one.user);
      require(at(one.socket) == self.socket_users_.size(), "socket number next");
      self.socket_users_.push_back(one.user);
    }
    void operator()(const ledger::socket_ready& one) const { self.check(one.socket); }
    void operator()(const ledger::socket_ended& one) const { self.check(one.socket); }
    void operator()(const ledger::frame& one) const {
      self.check(one.socket);
      if (one.chat) {
        self.check(*one.chat);
      }
      text(one.kind, one.message);
    }
    void operator()(const ledger::drained& one) const { self.check(one.socket); }
    void operator()(const ledger::sweep_begun& one) const {
      self.check(one.reader);
      self.check(one.chat);
      require(at(one.sweep) == self.sweeps_, "walk number next");
      ++self.sweeps_;
    }
    void operator()(const ledger::sweep_row& one) const {
      self.check(one.sweep);
      text(one.kind, one.message);
    }
    void operator()(const ledger::sweep_completed& one) const { self.check(one.sweep); }
  };
  std::visit(checker{*this}, value);
  events_.push_back(std::move(value));
}

const message_key& trace::key(message_id message) const {
  check(message);
  return messages_[at(message)];
}

user_id trace::user_of(socket_id socket) const {
  check(socket);
  return socket_users_[at(socket)];
}

std::string_view trace::name(user_id user) const {
  return at(user) < users_.names.size() ? std::string_view(users_.names[at(user)]) : "?";
}

std::string_view trace::name(chat_id chat) const {
  return at(chat) < chats_.names.size() ? std::string_view(chats_.names[at(chat)]) : "?";
}

void trace::check(message_id message) const {
  require(at(message) < messages_.size(), "message");
}
void trace::check(user_id user) const {
  require(at(user) < users_.names.size(), "user");
}
void trace::check(chat_id chat) const {
  require(at(chat) < chats_.names.size(), "chat");
}
void trace::check(socket_id socket) const {
  require(at(socket) < socket_users_.size(), "socket");
}
void trace::check(sweep_id sweep) const {
  require(at(sweep) < sweeps_, "walk");
}

}  // namespace ledger

#include "harness/ledger/live/live_ledger.hpp"

#include "harness/ledger/live/books.hpp"

#include <algorithm>
#include <charconv>
#include <functional>
#include <stdexcept>
#include <utility>

namespace ledger {
namespace {

live::short_id read_id(std::string_view text) {
  live::short_id id;
  if (text.empty()) {
    return id;
  }
  id.known = true;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), id.value);
  id.ordered = parsed.ec == std::errc{} && parsed.ptr == text.data() + text.size();
  if (!id.ordered) {
    id.value = std::hash<std::string_view>{}(text);
  }
  return id;
}

}  // namespace

using sort = live::raw_event::sort;

live_ledger::live_ledger(std::string run, rules declared, live_range range, live_limits limits) {
  if (!is_run_id(run)) {
    throw std::invalid_argument("a run id is 1 to 8 characters of [a-z0-9], not '" + run + "'");
  }
  books_ = std::make_unique<books>(std::move(run), std::move(declared), range, limits);
}
live_ledger::live_ledger(live_ledger&&) noexcept = default;
live_ledger& live_ledger::operator=(live_ledger&&) noexcept = default;
live_ledger::~live_ledger() = default;

void live_ledger::chat(chat_id number, user_id a, user_id b) {
  books_->known.make(number, a, b);
}

message_key live_ledger::next_message(chat_id in, user_id sender) {
  return {in, sender, ++books_->known.at(books_->known.way_of(in, sender)).handed_out};
}

std::string live_ledger::body(const message_key& message, instant intended, std::string_view rest) const {
  std::string out;
  append_body(out, message, intended, rest);
  return out;
}

void live_ledger::append_body(std::string& out, const message_key& message, instant intended,
                              std::string_view rest) const {
  const tag fields{{},
                   static_cast<std::uint32_t>(message.chat),
                   static_cast<std::uint32_t>(message.sender),
                   message.sequence,
                   std::max(intended, instant{})};
  append_tag(out, books_->run, fields, rest);
}

void live_ledger::sent(instant at, const message_key& message, std::uint32_t attempt) {
  auto& my = *books_;
  const auto of = my.known.way_of(message.chat, message.sender);
  my.delivery.sent(my.next(at), of, message.sequence, attempt);
  auto happened = my.event(sort::sent);
  happened.about(message);
  happened.user = static_cast<std::uint32_t>(my.known.recipient(of));
  happened.attempt = static_cast<std::uint8_t>(attempt);
  my.note(happened);
}

void live_ledger::answered(instant at, const message_key& message, outcome result, std::string_view server_id,
                           std::uint32_t attempt) {
  auto& my = *books_;
  const auto id = read_id(server_id);
  my.delivery.answered(my.next(at), my.known.way_of(message.chat, message.sender), message.sequence, result, id,
                       attempt);
  auto happened = my.event(sort::answered);
  happened.about(message);
  happened.named(id);
  happened.detail = static_cast<std::uint8_t>(result);
  happened.attempt = static_cast<std::uint8_t>(attempt);
  my.note(happened);
}

live_socket live_ledger::socket_started(instant at, user_id user) {
  auto& my = *books_;
  auto& of = my.known.user(user);
  const auto slot = my.sockets.start(user, my.next(at));
  auto& one = my.sockets[slot];
  one.next_of_user = std::exchange(of.first_socket, slot);
  my.note_socket(sort::started, slot);
  return {slot, one.generation};
}

void live_ledger::socket_ready(instant at, live_socket socket) {
  auto& my = *books_;
  const auto slot = my.slot(socket);
  const auto now = my.next(at);
  if (my.sockets[slot].ready.place == 0 && !my.sockets[slot].has_ended()) {
    my.sockets[slot].ready = now;
    my.note_socket(sort::ready, slot);
  }
}

void live_ledger::socket_ended(instant at, live_socket socket, ending how, int close_code) {
  auto& my = *books_;
  const auto slot = my.slot(socket);
  my.end(my.next(at), slot, how, close_code);
}

void live_ledger::socket_gone(instant at, live_socket socket) {
  auto& my = *books_;
  const auto slot = my.slot(socket);
  my.end(my.next(at), slot, ending::failed, 0);
  my.delivery.gone(slot);
  my.look();
}

live_arrival live_ledger::frame(instant at, live_socket socket, std::string_view server_id, std::string_view body) {
  auto& my = *books_;
  const auto slot = my.slot(socket);
  const auto now = my.next(at);
  ++my.book.counts().totals.frames;
  live_arrival out;
  const auto found = read_tag(body);
  const auto id = read_id(server_id);
  if (!found || found->tag.run != my.run) {
    if (my.delivery.foreign(now, slot, id)) {
      out.what = seen_as::damaged;
      my.look();
    } else {
      ++my.book.counts().totals.foreign;
    }
    return out;
  }
  out.message = {chat_id{found->tag.chat}, user_id{found->tag.sender}, found->tag.sequence};
  out.intended = found->intact ? found->tag.intended : instant{};
  const auto user = my.sockets[slot].user;
  live::shown seen;
  if (!found->intact && my.delivery.damaged(now, slot, id, my.corrupted(now, slot, out.message))) {
    seen = {seen_as::damaged, {}, true};
    my.look();
  } else if (const auto of = my.known.find(out.message.chat, out.message.sender)) {
    seen = my.delivery.frame(now, slot, of, out.message.sequence, id, found->intact);
    out.echo = user == out.message.sender;
  } else {
    seen = my.stray(now, slot, out.message, found->intact);
  }
  out.what = seen.what;
  // Of what is recalled after it was settled, only the plan's time is known.
  out.sent = seen.sent.count() == 0 ? out.intended : seen.sent;
  // A copy for everybody else would push what matters out of the ring.
  if (seen.what == seen_as::overheard && !my.book.has_news()) {
    return out;
  }
  auto happened = my.event(sort::frame);
  happened.about(out.message);
  happened.named(id);
  happened.subject = my.sockets[slot].number;
  happened.user = static_cast<std::uint32_t>(user);
  happened.good = found->intact;
  happened.unsent = !seen.was_sent;
  my.note(happened);
  return out;
}

void live_ledger::drained(instant at) {
  auto& my = *books_;
  if (my.delivery.drained(my.next(at))) {
    my.note(my.event(sort::drained));
  }
}

void live_ledger::finish_drain(instant at) {
  auto& my = *books_;
  my.delivery.finish_drain(my.next(at));
  my.note(my.event(sort::drained_last));
}

live_walk live_ledger::walk_begun(instant at, user_id reader, chat_id chat, bool whole) {
  auto& my = *books_;
  const auto walk = my.walks.begun(my.next(at), reader, my.known.chat_of(chat), whole);
  my.note_walk(sort::walk_begun, walk, whole);
  return walk;
}

void live_ledger::walk_row(instant at, live_walk walk, std::string_view server_id, std::string_view body) {
  auto& my = *books_;
  const auto now = my.next(at);
  const auto found = read_tag(body);
  if (!found || found->tag.run != my.run) {
    return;
  }
  const message_key message{chat_id{found->tag.chat}, user_id{found->tag.sender}, found->tag.sequence};
  const auto id = read_id(server_id);
  bool was_sent = false;
  if (const auto of = my.known.find(message.chat, message.sender)) {
    was_sent = my.walks.row(now, walk, of, message.sequence, id, found->intact);
  } else {
    my.walks.stray(now, walk, message, !my.known.covers(message.chat), found->intact);
  }
  auto happened = my.event(sort::row);
  happened.about(message);
  happened.named(id);
  happened.subject = my.walks.number(walk);
  happened.good = found->intact;
  happened.unsent = !was_sent;
  my.note(happened);
}

void live_ledger::walk_completed(instant at, live_walk walk) {
  auto& my = *books_;
  my.next(at);
  my.note_walk(sort::walk_completed, walk, true);
  my.walks.completed(walk);
  my.look();
}

void live_ledger::walk_failed(instant at, live_walk walk) {
  auto& my = *books_;
  my.next(at);
  my.walks.failed(walk);
  my.look();
}

void live_ledger::conclude(instant at) {
  auto& my = *books_;
  const auto now = my.next(at);
  my.walks.fail_all();
  for (std::uint32_t slot = 0; slot < my.sockets.size(); ++slot) {
    if (!my.sockets[slot].gone) {
      my.end(now, slot, ending::failed, 0);
      my.delivery.gone(slot);
    }
  }
  my.delivery.conclude();
  my.look();
  my.take(instant::max());
}

std::optional<trace> live_ledger::trace_of(const live_finding& found,
                                           const std::function<std::string(user_id)>& user_name,
                                           const std::function<std::string(chat_id)>& chat_name) const {
  const auto recipient = [this](const message_key& key) {
    const auto of = books_->known.find(key.chat, key.sender);
    return of ? std::optional(books_->known.recipient(of)) : std::nullopt;
  };
  return books_->traces.of(found, books_->run, {user_name, chat_name, recipient});
}

const live_counts& live_ledger::counts() const {
  return books_->book.counts();
}
std::span<const live_finding> live_ledger::findings() const {
  return books_->book.findings();
}
std::span<const live_question> live_ledger::uncertain() const {
  return books_->book.uncertain();
}
std::span<const live_question> live_ledger::announced() const {
  return books_->book.announced();
}
std::span<const live_question> live_ledger::missed_in_warm_up() const {
  return books_->book.missed_in_warm_up();
}
std::size_t live_ledger::in_flight() const {
  return books_->known.open_messages();
}

}  // namespace ledger

#include "harness/ledger/live/live_ledger.hpp"

#include "harness/ledger/identity.hpp"
#include "harness/ledger/live/delivery_rules.hpp"
#include "harness/ledger/live/findings_book.hpp"
#include "harness/ledger/live/roster.hpp"
#include "harness/ledger/live/walk_rules.hpp"

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

class live_ledger::books {
 public:
  books(std::string of, rules with, const live_range& range, const live_limits& limits)
      : run(std::move(of)),
        declared(std::move(with)),
        known(range),
        book(limits),
        delivery(declared, known, sockets, book),
        walks(declared, known, sockets, book, delivery) {}

  // Every call is an event of its own, also at the same time as the one before.
  moment next(instant at) {
    latest = std::max(latest, at);
    return {latest, ++place};
  }
  std::uint32_t slot(live_socket socket) {
    sockets.at(socket.slot, socket.generation);
    return socket.slot;
  }
  void end(const moment& now, std::uint32_t slot, ending how, int close_code) {
    auto& one = sockets[slot];
    if (one.has_ended()) {
      return;
    }
    one.ended = now;
    const auto& codes = declared.announcing_close_codes;
    one.announces = how == ending::closed_by_peer && std::find(codes.begin(), codes.end(), close_code) != codes.end();
  }

  std::string run;
  rules declared;
  live::roster known;
  live::socket_table sockets;
  live::findings_book book;
  live::delivery_rules delivery;
  live::walk_rules walks;
  std::size_t place = 1;  // 1 is the time of what is recalled without its time
  instant latest{};
};

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
  return write_tag({books_->run, static_cast<std::uint32_t>(message.chat), static_cast<std::uint32_t>(message.sender),
                    message.sequence, intended},
                   rest);
}

void live_ledger::append_body(std::string& out, const message_key& message, instant intended,
                              std::string_view rest) const {
  out += body(message, intended, rest);
}

void live_ledger::sent(instant at, const message_key& message, std::uint32_t attempt) {
  books_->delivery.sent(books_->next(at), books_->known.way_of(message.chat, message.sender), message.sequence,
                        attempt);
}

void live_ledger::answered(instant at, const message_key& message, outcome result, std::string_view server_id,
                           std::uint32_t attempt) {
  books_->delivery.answered(books_->next(at), books_->known.way_of(message.chat, message.sender), message.sequence,
                            result, read_id(server_id), attempt);
}

live_socket live_ledger::socket_started(instant at, user_id user) {
  auto& of = books_->known.user(user);
  const auto slot = books_->sockets.start(user, books_->next(at));
  auto& one = books_->sockets[slot];
  one.next_of_user = std::exchange(of.first_socket, slot);
  return {slot, one.generation};
}

void live_ledger::socket_ready(instant at, live_socket socket) {
  const auto now = books_->next(at);
  auto& one = books_->sockets[books_->slot(socket)];
  if (one.ready.place == 0 && !one.has_ended()) {
    one.ready = now;
  }
}

void live_ledger::socket_ended(instant at, live_socket socket, ending how, int close_code) {
  books_->end(books_->next(at), books_->slot(socket), how, close_code);
}

void live_ledger::socket_gone(instant at, live_socket socket) {
  const auto slot = books_->slot(socket);
  books_->end(books_->next(at), slot, ending::failed, 0);
  books_->delivery.gone(slot);
}

live_arrival live_ledger::frame(instant at, live_socket socket, std::string_view server_id, std::string_view body) {
  auto& my = *books_;
  const auto now = my.next(at);
  const auto slot = my.slot(socket);
  ++my.book.counts().totals.frames;
  live_arrival out;
  const auto found = read_tag(body);
  if (!found || found->tag.run != my.run) {
    ++my.book.counts().totals.foreign;
    return out;
  }
  out.message = {chat_id{found->tag.chat}, user_id{found->tag.sender}, found->tag.sequence};
  out.intended = found->intact ? found->tag.intended : instant{};
  const auto user = my.sockets[slot].user;
  if (const auto of = my.known.find(out.message.chat, out.message.sender)) {
    const auto seen = my.delivery.frame(now, slot, of, out.message.sequence, read_id(server_id), found->intact);
    out.what = seen.what;
    out.sent = seen.sent;
    out.echo = user == out.message.sender;
    return out;
  }
  // Of another worker of the run, or of nobody.
  const bool elsewhere = !my.known.covers(out.message.chat);
  out.what = !found->intact ? seen_as::damaged : elsewhere ? seen_as::misplaced : seen_as::unsent;
  live_finding stray;
  stray.kind = !found->intact ? finding_class::corrupted
               : elsewhere    ? finding_class::misrouted
                              : finding_class::phantom;
  stray.message = out.message;
  stray.socket = my.sockets[slot].number;
  stray.user = user;
  stray.at = now.at;
  my.book.add(stray);
  return out;
}

void live_ledger::drained(instant at) {
  books_->delivery.drained(books_->next(at));
}

void live_ledger::finish_drain(instant at) {
  books_->delivery.finish_drain(books_->next(at));
}

live_walk live_ledger::walk_begun(instant at, user_id reader, chat_id chat, bool whole) {
  return books_->walks.begun(books_->next(at), reader, books_->known.chat_of(chat), whole);
}

void live_ledger::walk_row(instant at, live_walk walk, std::string_view server_id, std::string_view body) {
  auto& my = *books_;
  const auto now = my.next(at);
  const auto found = read_tag(body);
  if (!found || found->tag.run != my.run) {
    return;
  }
  const message_key message{chat_id{found->tag.chat}, user_id{found->tag.sender}, found->tag.sequence};
  if (const auto of = my.known.find(message.chat, message.sender)) {
    my.walks.row(now, walk, of, message.sequence, read_id(server_id), found->intact);
  } else {
    my.walks.stray(now, walk, message, !my.known.covers(message.chat), found->intact);
  }
}

void live_ledger::walk_completed(instant at, live_walk walk) {
  books_->next(at);
  books_->walks.completed(walk);
}

void live_ledger::walk_failed(instant at, live_walk walk) {
  books_->next(at);
  books_->walks.failed(walk);
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
std::size_t live_ledger::in_flight() const {
  return books_->known.open_messages();
}

}  // namespace ledger

#include "harness/ledger/live/live_ledger.hpp"

#include <stdexcept>
#include <utility>
#include <vector>

namespace ledger {

class live_ledger::books {
 public:
  std::string run;
  live_range range;
  std::vector<std::array<std::uint32_t, 2>> last;  // sequences by chat and side
  std::vector<std::array<user_id, 2>> members;
  live_counts counts;
  std::uint32_t sockets = 0;
};

live_ledger::live_ledger(std::string run, rules, live_range range, live_limits) : books_(std::make_unique<books>()) {
  if (!is_run_id(run)) {
    throw std::invalid_argument("a run id is 1 to 8 characters of [a-z0-9], not '" + run + "'");
  }
  books_->run = std::move(run);
  books_->range = range;
  books_->last.resize(range.chats);
  books_->members.resize(range.chats);
}
live_ledger::live_ledger(live_ledger&&) noexcept = default;
live_ledger& live_ledger::operator=(live_ledger&&) noexcept = default;
live_ledger::~live_ledger() = default;

void live_ledger::chat(chat_id number, user_id a, user_id b) {
  books_->members.at(static_cast<std::uint32_t>(number) - books_->range.first_chat) = {a, b};
}

message_key live_ledger::next_message(chat_id in, user_id sender) {
  const auto index = static_cast<std::uint32_t>(in) - books_->range.first_chat;
  const std::size_t side = books_->members.at(index)[0] == sender ? 0 : 1;
  return {in, sender, ++books_->last.at(index)[side]};
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

void live_ledger::sent(instant, const message_key&, std::uint32_t attempt) {
  books_->counts.totals.sent += attempt == 1 ? 1 : 0;
}
void live_ledger::answered(instant, const message_key&, outcome result, std::string_view, std::uint32_t) {
  auto& totals = books_->counts.totals;
  ++(result == outcome::acked ? totals.acked : result == outcome::refused ? totals.refused : totals.unknown);
}

live_socket live_ledger::socket_started(instant, user_id) {
  return {books_->sockets++, 0};
}
void live_ledger::socket_ready(instant, live_socket) {}
void live_ledger::socket_ended(instant, live_socket, ending, int) {}
void live_ledger::socket_gone(instant, live_socket) {}
void live_ledger::drained(instant) {}
void live_ledger::finish_drain(instant) {}

live_arrival live_ledger::frame(instant, live_socket, std::string_view, std::string_view body) {
  ++books_->counts.totals.frames;
  live_arrival out;
  const auto found = read_tag(body);
  if (!found || found->tag.run != books_->run) {
    ++books_->counts.totals.foreign;
    return out;
  }
  out.what = found->intact ? seen_as::first : seen_as::damaged;
  out.message = {chat_id{found->tag.chat}, user_id{found->tag.sender}, found->tag.sequence};
  out.intended = found->tag.intended;
  return out;
}

live_walk live_ledger::walk_begun(instant, user_id, chat_id, bool) {
  return {};
}
void live_ledger::walk_row(instant, live_walk, std::string_view, std::string_view) {}
void live_ledger::walk_completed(instant, live_walk) {}
void live_ledger::walk_failed(instant, live_walk) {}
void live_ledger::conclude(instant) {}

const live_counts& live_ledger::counts() const {
  return books_->counts;
}
std::span<const live_finding> live_ledger::findings() const {
  return {};
}
std::span<const live_question> live_ledger::uncertain() const {
  return {};
}
std::span<const live_question> live_ledger::announced() const {
  return {};
}
std::size_t live_ledger::in_flight() const {
  return 0;
}

}  // namespace ledger

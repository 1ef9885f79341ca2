#include "conformance/cases/actor.hpp"

#include "conformance/cases/stage.hpp"
#include "conformance/runner/case_record.hpp"
#include "harness/ledger/rules.hpp"

namespace conformance {

namespace {

ledger::ending ending_of(client::websocket::end_kind kind) {
  using client::websocket::end_kind;
  switch (kind) {
    case end_kind::closed_by_us:
    case end_kind::aborted:
      return ledger::ending::closed_by_us;
    case end_kind::closed_by_peer:
      return ledger::ending::closed_by_peer;
    case end_kind::eof:
      return ledger::ending::end_of_file;
    case end_kind::refused:
      return ledger::ending::refused;
    case end_kind::error:
    case end_kind::protocol:
    case end_kind::timeout:
      return ledger::ending::failed;
  }
  return ledger::ending::failed;
}

}  // namespace

device::device(stage& on, actor& owner)
    : on_(on), owner_(owner), number_(on.trace().socket_started(on.now(), owner.number())) {
  socket_ = owner.user().open_socket({
      .on_ready =
          [this](client::time_point when) {
            ready_at_ = on_.at(when);
            keep(current_frame_);
            on_.trace().socket_ready(*ready_at_, number_);
          },
      .on_message = [this](const client::message& value, std::string_view frame,
                           client::time_point when) { on_message(value, frame, when); },
      .on_other = [this](std::string_view frame, client::time_point) { keep(frame); },
      .on_end = [this](const client::websocket::end& end) { on_end(end); },
      .on_frame = [this](std::string_view frame, client::time_point) { current_frame_ = frame; },
  });
}

std::optional<ledger::instant> device::warm_at() const {
  if (!ready_at_) return std::nullopt;
  return *ready_at_ + on_.target().delivery.warm_up;
}

void device::close() {
  if (closing_ || ended()) return;
  closing_ = true;
  on_.trace().socket_ended(on_.now(), number_, ledger::ending::closed_by_us);
  socket_->close();
}

void device::abort() {
  if (closing_ || ended()) return;
  closing_ = true;
  on_.trace().socket_ended(on_.now(), number_, ledger::ending::failed);  // the server may think it still there
  socket_->abort();
}

bool device::got(const message& sent) const {
  return arrival(sent) != nullptr;
}

const client::message* device::arrival(const message& sent) const {
  if (const auto known = arrivals_.find(sent.number); known != arrivals_.end()) return &known->second;
  return sent.reply && sent.reply->value ? arrival(sent.reply->value->id) : nullptr;
}

const client::message* device::arrival(const std::string& id) const {
  const auto known = arrivals_by_id_.find(id);
  return known == arrivals_by_id_.end() ? nullptr : &known->second;
}

void device::keep(std::string_view frame) {
  constexpr std::size_t most_bytes = 1'000'000;
  if (other_bytes_ + frame.size() > most_bytes) return;
  other_bytes_ += frame.size();
  other_frames_.emplace_back(frame);
}

void device::on_message(const client::message& value, std::string_view frame, client::time_point when) {
  const auto known = on_.trace().recognise(value.body);
  on_.trace().frame(on_.at(when), number_, value.id, known);
  arrivals_by_id_.try_emplace(value.id, value);
  if (known.message) {
    arrivals_.try_emplace(*known.message, value);
  } else {
    keep(frame);
    foreign_.push_back(value);
  }
  const bool everyones = on_.target().delivery.everyone;  // then it is one of the foreign frames that are counted
  if (known.kind == ledger::content::foreign && !everyones && on_.is_siblings(value.body)) {
    on_.tell(stray_line({.user = owner_.name(), .body = value.body, .at = on_.at(when)}));
  }
  if (on_arrival) on_arrival(value);
}

void device::on_end(const client::websocket::end& end) {
  if (!closing_) on_.trace().socket_ended(on_.at(end.at), number_, ending_of(end.kind), end.code);
}

actor::actor(stage& on, client::user account)
    : on_(on), user_(std::move(account)), number_(on.trace().user(user_.id())) {}

void actor::send(message& into, const conformance::chat& in, std::string_view rest, bool is_fence,
                 const client::call& call) {
  into.number = on_.trace().next_message(in.number, number_);
  into.in = &in;
  into.sender = this;
  into.is_fence = is_fence;
  into.sent_at = on_.now();
  into.body = on_.trace().body(into.number, into.sent_at, rest);
  on_.trace().sent(into.sent_at, into.number, in.peer_of(*this).number(), 1, is_fence);
  user_.send(
      in.id, into.body,
      [this, &into](client::reply<client::message> reply) {
        const auto when = on_.at(reply.exchange.completed);
        const int status = reply.judged_status();
        const auto result = ledger::outcome_of(status);
        on_.trace().answered(when, into.number, result, status, reply.value ? reply.value->id : "");
        if (result == ledger::outcome::acked) into.acked_at = when;
        into.reply = std::move(reply);
      },
      call);
}

}  // namespace conformance

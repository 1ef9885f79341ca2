#include "loadgen/users/simulated_user.hpp"

#include "harness/ledger/rules.hpp"

#include <fmt/format.h>

#include <boost/asio/post.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

namespace loadgen {

namespace {

using namespace std::chrono_literals;

ledger::ending ending_of(client::websocket::end_kind kind) {
  switch (kind) {
    case client::websocket::end_kind::closed_by_us:
    case client::websocket::end_kind::aborted:
      return ledger::ending::closed_by_us;
    case client::websocket::end_kind::closed_by_peer:
      return ledger::ending::closed_by_peer;
    case client::websocket::end_kind::eof:
      return ledger::ending::end_of_file;
    case client::websocket::end_kind::refused:
      return ledger::ending::refused;
    default:
      return ledger::ending::failed;
  }
}

// Ids that are decimal numbers of any length.
bool later(const std::string& a, const std::string& b) {
  return a.size() != b.size() ? a.size() > b.size() : a > b;
}

client::user_options options_of(crowd& in, std::uint32_t row) {
  client::user_options out{.pool = in.pool, .agent = in.agent, .row = row, .pace = in.pace, .sessions = in.sessions};
  if (in.created) out.on_created = [&in](const client::created_thing& thing) { in.created->add(thing); };
  return out;
}

}  // namespace

simulated_user::simulated_user(crowd& in, std::uint32_t number, std::vector<std::uint32_t> chats)
    : in_(in),
      number_(number),
      chats_(std::move(chats)),
      account_(in.io, in.target, fmt::format("rc-{}-{}", in.run, number), options_of(in, number)) {}

simulated_user::~simulated_user() = default;

void simulated_user::come(client::time_point intended) {
  there_ = true;
  failures_ = 0;
  ++in_.reads;
  account_.list_chats([this](const client::reply<client::page<client::chat>>& reply) {
    if (!reply.ok()) ++in_.reads_failed;
  });
  open(intended);
}

void simulated_user::leave() {
  there_ = false;
  again_.reset();
  if (sockets_.empty() || sockets_.front().leaving) return;
  connection& present = sockets_.front();
  present.leaving = true;
  if (present.ready) --in_.online;
  in_.ledger.socket_ended(in_.at(client::clock::now()), present.number, ledger::ending::closed_by_us);
  if (present.socket->is_open()) {
    present.socket->close();
  } else {
    present.socket->abort();
  }
}

void simulated_user::open(client::time_point intended) {
  connection& made = sockets_.emplace_front();
  ++in_.sockets;
  made.intended = intended;
  made.number = in_.ledger.socket_started(in_.at(client::clock::now()), ledger::user_id{number_});
  made.socket = account_.open_socket({
      .on_ready = [this, &made](client::time_point when) { on_ready(made, when); },
      .on_message = [this, &made](const client::message& value, std::string_view,
                                  client::time_point when) { on_message(made, value, when); },
      .on_end = [this, &made](const client::websocket::end& end) { on_end(made, end); },
  });
}

void simulated_user::on_ready(connection& of, client::time_point when) {
  if (of.leaving) return;
  of.ready = true;
  failures_ = 0;
  ++in_.online;
  in_.ledger.socket_ready(in_.at(when), of.number);
  in_.counts.connected(when - of.intended, when - of.socket->started());
  for (const std::uint32_t chat : chats_) read_history(chat, false, [] {});
}

void simulated_user::on_message(connection& of, const client::message& value, client::time_point when) {
  const auto seen = in_.ledger.frame(in_.at(when), of.number, value.id, value.body);
  if (seen.what != ledger::seen_as::first || seen.echo) return;
  // The tag's time is that of the plan; both are on the ledger's clock.
  const auto at = in_.since_origin(when);
  in_.counts.delivered(in_.into_load(when), at - seen.intended, at - seen.sent);
}

void simulated_user::on_end(connection& of, const client::websocket::end& end) {
  if (!of.leaving) {
    if (of.ready) --in_.online;
    in_.ledger.socket_ended(in_.at(end.at), of.number, ending_of(end.kind), end.code);
    if (!of.ready) {
      // It never came up: its latency stands at the moment when that was known.
      in_.counts.connected(end.at - of.intended, end.at - of.socket->started());
    }
  }
  in_.ledger.socket_gone(in_.at(client::clock::now()), of.number);
  const bool again = there_ && !of.leaving;
  of.ready = false;
  of.leaving = true;
  // Not from inside the socket's own handler.
  client::asio::post(in_.io, [this, gone = &of] {
    sockets_.remove_if([gone](const connection& each) { return &each == gone; });
    --in_.sockets;
  });
  if (again) retry();
}

void simulated_user::retry() {
  const auto longest = std::min<std::chrono::milliseconds>(5s, 200ms * (1 << std::min(failures_++, 10)));
  const auto pause =
      longest / 2 + std::chrono::milliseconds(in_.backoff.below(static_cast<std::uint32_t>(longest.count() / 2) + 1));
  again_.emplace(in_.io, client::clock::now() + pause);
  again_->async_wait([this](const boost::system::error_code& error) {
    if (error || !there_) return;
    open(client::clock::now());
  });
}

void simulated_user::send(std::uint32_t chat, client::time_point intended) {
  const shared_chat& in = in_.chat(chat);
  const auto message = in_.ledger.next_message(ledger::chat_id{chat}, ledger::user_id{number_});
  in_.scratch.clear();
  in_.ledger.append_body(in_.scratch, message, in_.since_origin(intended), in_.filler);
  const bool waits = in_.pool->pending() >= in_.connections;
  const auto now = client::clock::now();
  in_.counts.handed_over(in_.into_load(now), waits);
  in_.ledger.sent(in_.at(now), message);
  account_.send(in.id, in_.scratch, [this, message, intended, waits](const client::reply<client::message>& reply) {
    on_answer(message, intended, waits, reply);
  });
}

void simulated_user::on_answer(const ledger::message_key& message, client::time_point intended, bool waited,
                               const client::reply<client::message>& reply) {
  const auto& exchange = reply.exchange;
  const auto result = ledger::outcome_of(reply.judged_status());
  in_.ledger.answered(in_.at(exchange.completed), message, result, reply.value ? reply.value->id : "");

  // What the target made us wait for (all connections busy, a new one to be accepted) is no lateness of ours.
  if (!exchange.first_byte_sent) {
    in_.counts.not_sent(std::string(client::http::to_string(exchange.failure)));
  } else {
    const bool targets = waited || !exchange.reused;
    const auto begun = targets ? exchange.started : *exchange.first_byte_sent;
    in_.counts.begun(in_.into_load(begun), begun - intended);
  }

  const auto when = in_.into_load(exchange.completed);
  const auto since_intended = exchange.completed - intended;
  const auto since_start = exchange.completed - exchange.first_byte_sent.value_or(exchange.started);
  switch (result) {
    case ledger::outcome::acked:
      in_.counts.acknowledged(when, since_intended, since_start);
      break;
    case ledger::outcome::refused:
      in_.counts.refused(when);
      break;
    case ledger::outcome::unknown:
      in_.counts.unknown(when, since_intended, since_start);
      break;
  }
}

void simulated_user::read_history(std::uint32_t chat, bool whole, std::function<void()> done) {
  const std::string& cursor = cursors_[chat];
  client::history_query query{.after = whole || cursor.empty() ? "0" : cursor, .limit = 200};
  const auto walk = in_.ledger.walk_begun(in_.at(client::clock::now()), ledger::user_id{number_}, ledger::chat_id{chat},
                                          whole || cursor.empty());
  ++in_.reads;
  const auto read = [this, chat, walk, done = std::move(done)](const client::walk& got) {
    const auto now = in_.at(client::clock::now());
    for (const auto& row : got.messages) {
      in_.ledger.walk_row(now, walk, row.id, row.body);
      // Where the target describes its history the newest comes last, whatever its id looks like.
      if (std::string& seen = cursors_[chat]; in_.target->rest || later(row.id, seen)) seen = row.id;
    }
    if (got.complete) {
      in_.ledger.walk_completed(now, walk);
    } else {
      ++in_.reads_failed;
      in_.ledger.walk_failed(now, walk);
    }
    done();
  };
  account_.walk_history(in_.chat(chat).id, read, query, 1'000'000);
}

}  // namespace loadgen

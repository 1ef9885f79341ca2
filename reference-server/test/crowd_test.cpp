// What the users do: see crowd_test.hpp.
#include "reference-server/test/crowd_member_test.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <stdexcept>

namespace fault_test {
using namespace std::chrono_literals;

namespace {

constexpr auto after_a_failure = 20ms;  // before the same thing is tried again
constexpr auto tick_period = 10ms;
constexpr auto patience = 10s;

ledger::ending ending_of(client::websocket::end_kind kind) {
  using client::websocket::end_kind;
  if (kind == end_kind::closed_by_peer) return ledger::ending::closed_by_peer;
  if (kind == end_kind::eof) return ledger::ending::end_of_file;
  if (kind == end_kind::refused) return ledger::ending::refused;
  return ledger::ending::failed;
}

client::url must_parse(const std::string& text) {
  auto parsed = client::parse_url(text);
  if (!parsed) throw std::runtime_error(text + " is no URL");
  return *parsed;
}

std::shared_ptr<client::target> target_of(const std::string& secret, const pair_options& wanted) {
  auto made = std::make_shared<client::target>();
  made->name = "reference";
  for (const std::string& each : wanted.through) made->base_urls.push_back(must_parse(each));
  made->socket.urls = {must_parse(wanted.socket)};
  made->login.secret = secret;
  made->patience = patience;
  return made;
}

}  // namespace

crowd::crowd(const std::string& secret, std::string run, const std::vector<pair_options>& pairs)
    : trace_(run), last_tick_(client::clock::now()), thread_([this] { io_.run(); }) {
  in_loop([&] {
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      members_.push_back(
          std::make_unique<member>(io_, target_of(secret, pairs[i]), pairs[i], run + "-" + std::to_string(i)));
      create_chat(*members_.back());
    }
    last_tick_ = client::clock::now();
    tick();
  });
  if (!until_it_works()) throw std::runtime_error("the users never got to work");
}

crowd::~crowd() {
  in_loop([this] {
    finishing_ = true;
    members_.clear();
    io_.stop();  // here, so that nothing runs any more that meant one of them
  });
  thread_.join();
}

void crowd::create_chat(member& of) {
  of.sender.create_chat(of.recipient.id(), [this, &of](client::reply<client::chat> reply) {
    if (!reply.ok()) {
      of.pace.expires_after(after_a_failure);
      return of.pace.async_wait([this, &of](boost::system::error_code cancelled) {
        if (!cancelled) create_chat(of);
      });
    }
    of.chat = reply.value->id;
    of.number = trace_.chat(of.chat);
    of.from = trace_.user(of.sender.id());
    of.to = trace_.user(of.recipient.id());
    connect(of);
    send(of);
  });
}

void crowd::send(member& from) {
  if (!from.sending || from.in_flight || finishing_ || from.chat.empty()) return;
  from.in_flight = true;
  const auto message = trace_.next_message(from.number, from.from);
  const auto sent = client::clock::now();
  trace_.sent(at(sent), message, from.to);
  from.sender.send(from.chat, trace_.body(message, at(sent), ""),
                   [this, &from, message, sent](const client::reply<client::message>& reply) {
                     answered(from, message, sent, reply);
                   });
}

void crowd::answered(member& from, ledger::message_id message, client::time_point sent,
                     const client::reply<client::message>& reply) {
  from.in_flight = false;
  const auto when = reply.exchange.completed;
  const int status = reply.exchange.answered() ? reply.exchange.status : 0;
  const auto result = ledger::outcome_of(status, {201}, {503});  // a 503 of this server: certainly not stored
  trace_.answered(at(when), message, result, status, reply.value ? reply.value->id : "");
  const bool acked = result == ledger::outcome::acked && reply.value;
  if (acked) {
    ++from.acknowledged;
    from.last_acknowledged = when;
    from.latencies.push_back(when - sent);
    from.acked.emplace_back(reply.value->id, sent);
    from.works |= sent > from.works_since && from.on_socket.contains(reply.value->id);
    if (awaited_ack_) {
      awaited_ack_->set_value(when);
      awaited_ack_.reset();
    }
  } else if (result == ledger::outcome::refused) {
    ++from.refused;
  }
  from.pace.expires_after(acked ? from.options.pace : after_a_failure);
  from.pace.async_wait([this, &from](boost::system::error_code cancelled) {
    if (!cancelled) send(from);
  });
}

void crowd::connect(member& whose) {
  if (finishing_ || (whose.socket && !whose.socket->ended())) return;
  whose.device = trace_.socket_started(now(), whose.to);
  whose.on_socket.clear();
  whose.was_ready = whose.caught_up = false;
  whose.socket = whose.recipient.open_socket({
      .on_ready =
          [this, &whose](client::time_point when) {
            whose.ready_at = when;
            whose.was_ready = true;
            trace_.socket_ready(at(when), whose.device);
            catch_up(whose);
          },
      .on_message =
          [this, &whose](const client::message& seen, std::string_view, client::time_point when) {
            trace_.frame(at(when), whose.device, seen.id, trace_.recognise(seen.body));
            whose.on_socket.insert(seen.id);
            whose.known.insert(seen.id);
            // The frame may precede the 201; then the answer says that it works.
            whose.works |= !whose.acked.empty() && whose.acked.back().first == seen.id &&
                           whose.acked.back().second > whose.works_since;
          },
      .on_end = [this, &whose](const client::websocket::end& how) { ended(whose, how); },
  });
}

void crowd::ended(member& whose, const client::websocket::end& how) {
  trace_.socket_ended(at(how.at), whose.device, ending_of(how.kind), how.code);
  if (whose.was_ready) whose.endings.push_back({how.at, how.code});
  whose.reconnect.expires_after(after_a_failure);
  whose.reconnect.async_wait([this, &whose](boost::system::error_code cancelled) {
    if (!cancelled) connect(whose);
  });
}

// Until it has succeeded: an api that is down now is asked again.
void crowd::catch_up(member& whose) {
  whose.again = whose.catching_up;
  if (whose.catching_up) return;
  whose.catching_up = true;
  const auto device = whose.device;
  whose.recipient.walk_history(whose.chat,
                               [this, &whose, device](const client::walk& walk) {
                                 whose.catching_up = false;
                                 for (const auto& row : walk.messages) {
                                   whose.known.insert(row.id);
                                   whose.highest = row.id;
                                 }
                                 if (std::exchange(whose.again, false)) return catch_up(whose);
                                 whose.caught_up = walk.complete && device == whose.device;
                                 if (walk.complete || finishing_ || !whose.socket->ready())
                                   return;  // the next ready begins anew
                                 whose.catch_up_again.expires_after(after_a_failure);
                                 whose.catch_up_again.async_wait([this, &whose](boost::system::error_code cancelled) {
                                   if (!cancelled && whose.socket->ready()) catch_up(whose);
                                 });
                               },
                               {.after = whose.highest, .limit = 200});
}

void crowd::tick() {
  const auto present = client::clock::now();
  longest_gap_ = std::max<std::chrono::nanoseconds>(longest_gap_, present - last_tick_ - tick_period);
  last_tick_ = present;
  ticker_.expires_after(tick_period);
  ticker_.async_wait([this](boost::system::error_code cancelled) {
    if (!cancelled) tick();
  });
}

}  // namespace fault_test

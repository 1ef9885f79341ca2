#include "harness/client/user/described_actions.hpp"

#include "harness/client/user/json.hpp"
#include "harness/client/user/list_page.hpp"
#include "harness/client/user/paths.hpp"
#include "harness/client/user/read_reply.hpp"
#include "harness/client/user/step_request.hpp"
#include "harness/client/user/step_run.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <random>
#include <utility>

namespace client {

namespace {

std::string nonce() {
  static thread_local std::mt19937_64 lot{std::random_device{}()};
  return fmt::format("{:016x}{:016x}", lot(), lot());
}

std::string epoch_milliseconds() {
  using namespace std::chrono;
  return std::to_string(duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count());
}

// What a sender's request may refer to besides the user, the peer and the chat.
struct sending {
  explicit sending(std::string_view text, bool bare = false)
      : locals{{{"text", text, bare}, {"nonce", nonce_text}, {"now", now, true}}} {}

  std::string nonce_text = nonce();
  std::string now = epoch_milliseconds();
  std::array<local_variable, 3> locals;
};

checked<http::request> sending_request(const user_state& self, std::string_view chat_id, std::string_view text,
                                       bool bare) {
  const sending what(text, bare);
  return build_request(self.target->rest->send->request, self.scope_of(self.chat_of(chat_id), what.locals));
}

// Both members know the chat from now on, each by the name that it has for that member.
chat introduce(user_state& self, user_state& peer, const std::shared_ptr<variables>& made, std::string id) {
  const auto& create = self.target->rest->create_chat;
  const bool relative = create.steps.empty();
  std::string name = id;
  if (relative) name = fmt::format("{}~{}", self.id, peer.id);  // each has another name for it: this is ours for both
  const auto remember = [&](user_state& one, user_state& other) {
    known_chat known;
    known.chat = std::make_shared<variables>(*made);
    known.peer = other.own;
    std::string own_name = id;
    if (relative) {
      if (auto filled = create.id.fill({.self = one.own.get(), .peer = other.own.get()})) own_name = *filled;
    }
    known.chat->set("id", {own_name, false});
    // The same type as what was captured: a number stays a number.
    for (const slot& each : create.id.slots()) {
      const variable* captured = made->find(each.name);
      if (captured != nullptr && captured->text == own_name) known.chat->set("id", *captured);
    }
    one.remember(name, known);
  };
  remember(self, peer);
  remember(peer, self);
  return {.id = name, .participants = {}, .created_at = {}};
}

// A chat is ready to be used once every open socket of its members has joined it, or the patience is over.
class joins : public std::enable_shared_from_this<joins> {
 public:
  joins(const std::shared_ptr<user_state>& self, const std::shared_ptr<user_state>& peer, std::function<void()> done)
      : self_(self),
        peer_(peer),
        done_(std::move(done)),
        timer_(self->io),
        limit_(clock::now() + self->target->patience) {}

  void look() {
    const auto self = self_.lock();
    const auto peer = peer_.lock();
    if (!self || !peer) return;
    if ((self->all_joined() && peer->all_joined()) || clock::now() >= limit_) return done_();
    timer_.expires_after(std::chrono::milliseconds(2));
    timer_.async_wait([again = shared_from_this()](const boost::system::error_code& error) {
      if (!error) again->look();
    });
  }

 private:
  std::weak_ptr<user_state> self_;
  std::weak_ptr<user_state> peer_;
  std::function<void()> done_;
  timer timer_;
  time_point limit_;
};

}  // namespace

void meet(const std::shared_ptr<user_state>& self, const std::shared_ptr<user_state>& peer, const std::string& chat_id,
          std::function<void()> done) {
  known_chat known;
  known.chat = std::make_shared<variables>();
  known.chat->set("id", {chat_id, false});
  known.peer = peer->own;
  self->remember(chat_id, known);
  known.peer = self->own;
  peer->remember(chat_id, known);
  std::make_shared<joins>(self, peer, std::move(done))->look();
}

void create_as_described(const std::shared_ptr<user_state>& self, const std::shared_ptr<user_state>& peer,
                         reply_handler<chat> handler, const call& call) {
  const std::weak_ptr<user_state> weak = self;
  const std::weak_ptr<user_state> weak_peer = peer;
  const auto refused = [handler](http::exchange exchange, std::string problem) {
    reply<chat> out;
    out.exchange = std::move(exchange);
    out.problem = std::move(problem);
    handler(std::move(out));
  };
  // The peer's id may be known by its login only.
  peer->log_in([weak, weak_peer, handler, call, refused](const std::string& trouble) {
    const auto own = weak.lock();
    const auto other = weak_peer.lock();
    if (!own || !other) return;
    if (!trouble.empty()) return own->fail(trouble, [refused](http::exchange e) { refused(std::move(e), ""); });
    const auto made = std::make_shared<variables>();
    const auto& create = own->target->rest->create_chat;
    run_steps({.self = own, .peer = other, .steps = &create.steps, .into = made, .chat = made, .with = call},
              [weak, weak_peer, handler, refused, made](const step_outcome& out) {
                const auto me = weak.lock();
                const auto peer_now = weak_peer.lock();
                if (!me || !peer_now) return;
                if (!out.problem.empty()) return refused(out.last, out.problem);
                std::vector<local_variable> locals;
                for (const auto& [name, value] : made->all()) locals.push_back({name, value.text, value.bare});
                const auto id = me->target->rest->create_chat.id.fill(
                    {.call = locals, .self = me->own.get(), .peer = peer_now->own.get(), .chat = made.get()});
                if (!id) return refused(out.last, "rest.create_chat.id " + id.error().clause);
                reply<chat> done;
                done.exchange = out.last;
                done.accepted = true;
                done.value = introduce(*me, *peer_now, made, *id);
                // Without a step nothing was made but a name.
                if (!me->target->rest->create_chat.steps.empty()) {
                  me->tell_of_chat(*me->chat_of(done.value->id).chat->find("id"), *peer_now, *made);
                }
                std::make_shared<joins>(me, peer_now, [done = std::move(done), handler] { handler(done); })->look();
              });
  });
}

void send_as_described(user_state& self, std::string_view chat_id, std::string_view text,
                       reply_handler<message> handler, const call& call) {
  auto request = sending_request(self, chat_id, text, false);
  auto done = [target = self.target, handler = std::move(handler)](http::exchange exchange) {
    const send_action& by = *target->rest->send;
    const bool accepted = exchange.answered() && by.request.accepts(exchange.status);
    handler(
        read_reply<message>(std::move(exchange), accepted, [&](std::string_view body) { return read_sent(by, body); }));
  };
  if (!request) return self.fail(request.error().clause, std::move(done));
  self.send(std::move(*request), std::move(done), call);
}

std::string described_body(const user_state& self, std::string_view chat_id, std::string_view text, bool bare) {
  auto request = sending_request(self, chat_id, text, bare);
  return request ? std::move(request->body) : std::string();
}

void send_described_body(user_state& self, std::string_view chat_id, std::string body, http::exchange_handler handler,
                         const call& call) {
  auto request = sending_request(self, chat_id, "", false);
  if (!request) return self.fail(request.error().clause, handler);
  request->body = std::move(body);
  self.send(std::move(*request), std::move(handler), call);
}

}  // namespace client

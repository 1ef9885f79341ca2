#include "harness/client/user/user.hpp"

#include "harness/client/user/described_actions.hpp"
#include "harness/client/user/json.hpp"
#include "harness/client/user/paths.hpp"
#include "harness/client/user/read_reply.hpp"
#include "harness/client/user/state.hpp"
#include "harness/client/user/step_run.hpp"
#include "harness/client/user/walker.hpp"

#include <algorithm>
#include <utility>

namespace client {

namespace {

http::request get(std::string path) {
  return {.method = "GET", .target = std::move(path)};
}

http::request post(std::string path, std::string json) {
  return {.method = "POST",
          .target = std::move(path),
          .headers = {{"Content-Type", "application/json"}},
          .body = std::move(json)};
}

// Of the reference's actions every success is read.
template <class T>
http::exchange_handler reading(checked<T> (*read)(std::string_view), reply_handler<T> handler) {
  return [read, handler = std::move(handler)](http::exchange exchange) {
    const bool accepted = exchange.success();
    handler(read_reply<T>(std::move(exchange), accepted, read));
  };
}

void send_now(user::state& self, std::string_view chat_id, std::string_view body, reply_handler<message> handler,
              const call& call) {
  if (self.target->rest) return send_as_described(self, chat_id, body, std::move(handler), call);
  self.send(post(messages_path(chat_id), write_body(body)), reading(read_message, std::move(handler)), call);
}

// Not before `due`, and not before the declared distance from the message before, which may have gone out late.
void send_when_due(const std::shared_ptr<user::state>& self, time_point due, const std::string& chat,
                   const std::string& text, reply_handler<message> handler, const call& call) {
  const time_point now = clock::now();
  if (self->last_message) due = std::max(due, *self->last_message + self->target->errors.rate_limit);
  if (now >= due) {
    self->last_message = now;
    return send_now(*self, chat, text, std::move(handler), call);
  }
  const auto pause = std::make_shared<timer>(self->io, due);
  pause->async_wait([pause, due, weak = std::weak_ptr(self), chat, text, handler = std::move(handler),
                     call](const boost::system::error_code& error) {
    if (const auto again = weak.lock(); !error && again) send_when_due(again, due, chat, text, handler, call);
  });
}

}  // namespace

user::user(asio::io_context& io, std::shared_ptr<const client::target> target, std::string id, user_options options)
    : state_(std::make_shared<state>(io, std::move(target), std::move(id), std::move(options))) {}

user::~user() = default;
user::user(user&&) noexcept = default;
user& user::operator=(user&&) noexcept = default;

const std::string& user::id() const noexcept {
  return state_->id;
}
const client::target& user::target() const noexcept {
  return *state_->target;
}
std::string user::token() const {
  if (state_->target->login.by == login_description::kind::jwt) return state_->own_token();
  const variable* captured = state_->own->find("token");
  return captured == nullptr ? std::string() : captured->text;
}
std::string user::token(std::chrono::seconds ttl) const {
  return state_->minted(ttl);
}
std::string user::bad_token(jwt::flaw flaw) const {
  return state_->badly_minted(flaw);
}
void user::log_in(std::function<void(const std::string&)> done) {
  state_->log_in(std::move(done));
}

void user::request(http::request request, http::exchange_handler handler, const call& call) {
  state_->send(std::move(request), std::move(handler), call);
}

void user::create_chat(std::string_view peer, reply_handler<chat> handler, const call& call) {
  request(post(chats_path(), write_participant(peer)), reading(read_chat, std::move(handler)), call);
}

void user::create_chat(user& peer, reply_handler<chat> handler, const call& call) {
  if (state_->target->rest) return create_as_described(state_, peer.state_, std::move(handler), call);
  if (state_->options.on_created) {
    handler = [weak = std::weak_ptr(state_), other = std::weak_ptr(peer.state_), handler](const reply<chat>& made) {
      const auto self = weak.lock();
      const auto met = other.lock();
      if (made.ok() && self && met) self->tell_of_chat({made.value->id, false}, *met, {});
      handler(made);
    };
  }
  if (!state_->target->socket.join.empty()) {
    handler = [weak = std::weak_ptr(state_), other = std::weak_ptr(peer.state_), handler](const reply<chat>& made) {
      const auto self = weak.lock();
      const auto met = other.lock();
      if (!made.ok() || !self || !met) return handler(made);
      meet(self, met, made.value->id, [made, handler] { handler(made); });
    };
  }
  if (peer.state_->has_session()) return create_chat(peer.id(), std::move(handler), call);
  peer.log_in([own = state_.get(), other = peer.state_.get(), weak = std::weak_ptr(state_), handler,
               call](const std::string& problem) {
    if (!weak.lock()) return;
    auto done = reading(read_chat, handler);
    if (!problem.empty()) return own->fail(problem, done);
    own->send(post(chats_path(), write_participant(other->id)), std::move(done), call);
  });
}

std::vector<http::header> user::session_headers() {
  std::vector<http::header> out;
  state_->add_session(out, {});
  return out;
}

std::string user::session_query() const {
  return state_->with_session_query("", {});
}

std::vector<std::string> user::secrets() const {
  return state_->secrets();
}

const http::exchange& user::login_answer() const noexcept {
  return state_->login_answer;
}

std::string user::name_of_chat(std::string_view chat_id) const {
  const known_chat known = state_->chat_of(chat_id);
  const variable* id = known.chat->find("id");
  return id == nullptr ? std::string(chat_id) : id->text;
}

void user::list_chats(reply_handler<page<chat>> handler, const call& call) {
  if (state_->target->rest) return list_described_chats(*state_, std::move(handler), call);
  request(get(chats_path()), reading(read_chats, std::move(handler)), call);
}

void user::get_chat(std::string_view chat_id, reply_handler<chat> handler, const call& call) {
  request(get(chat_path(chat_id)), reading(read_chat, std::move(handler)), call);
}

void user::send(std::string_view chat_id, std::string_view body, reply_handler<message> handler, const call& call) {
  if (const auto apart = state_->target->errors.rate_limit; apart.count() > 0) {
    const time_point due = std::max(clock::now(), state_->next_message);
    state_->next_message = due + apart;
    return send_when_due(state_, due, std::string(chat_id), std::string(body), std::move(handler), call);
  }
  send_now(*state_, chat_id, body, std::move(handler), call);
}

void user::history(std::string_view chat_id, const history_query& query, reply_handler<page<message>> handler,
                   const call& call) {
  if (state_->target->rest) return read_described_page(*state_, chat_id, query, std::move(handler), call);
  request(get(messages_path(chat_id) + query_text(query)), reading(read_messages, std::move(handler)), call);
}

void user::get_message(std::string_view chat_id, std::string_view message_id, reply_handler<message> handler,
                       const call& call) {
  request(get(message_path(chat_id, message_id)), reading(read_message, std::move(handler)), call);
}

std::string user::send_body(std::string_view chat_id, std::string_view text, bool bare) const {
  if (state_->target->rest) return described_body(*state_, chat_id, text, bare);
  return bare ? "{\"body\":" + std::string(text) + "}" : write_body(text);
}

void user::send_raw(std::string_view chat_id, std::string body, http::exchange_handler handler, const call& call) {
  if (state_->target->rest) return send_described_body(*state_, chat_id, std::move(body), std::move(handler), call);
  request(post(messages_path(chat_id), std::move(body)), std::move(handler), call);
}

void user::clean_up(const http_steps& steps, std::shared_ptr<variables> chat, user* peer,
                    std::function<void(const cleanup_outcome&)> done) {
  run_steps({.self = state_,
             .peer = peer == nullptr ? nullptr : peer->state_,
             .steps = &steps,
             .into = chat ? chat : state_->own,
             .chat = chat,
             .gone_is_well = true},
            [done = std::move(done)](const step_outcome& out) {
              done({.problem = out.problem, .gone = out.gone, .answered = out.last.answered()});
            });
}

void user::walk_chats(std::function<void(chat_walk)> handler, const call& call) {
  walk_described_chats(*state_, std::move(handler), call);
}

void user::walk_history(std::string_view chat_id, std::function<void(walk)> handler, const history_query& query,
                        std::size_t max_pages, const call& call) {
  if (state_->target->rest) {
    return walk_described_history(*state_, chat_id, std::move(handler), query, max_pages, call);
  }
  const auto walking = std::make_shared<walker>(state_, call, max_pages, std::move(handler));
  walking->read(messages_path(chat_id) + query_text(query));
}

std::unique_ptr<chat_socket> user::open_socket(chat_handlers handlers, const call& call, std::string query) {
  const std::vector<url>& urls = state_->target->socket.urls;
  const url& where = urls[state_->next_socket++ % urls.size()];
  chat_socket_options options;
  options.described = {state_->target, &state_->target->socket};
  options.own = state_->socket_variables(call);
  options.headers = state_->headers({}, call);
  options.query = std::move(query);
  options.anonymous = !std::holds_alternative<own_credential>(call.credential);
  options.patience = call.patience.value_or(state_->target->patience);
  const bool joins = !state_->target->socket.join.empty() && !options.anonymous;
  if (joins) {
    for (const auto& [id, chat] : state_->chats) options.chats.push_back(state::joining_of(chat));
  }
  auto made = std::make_unique<chat_socket>(state_->io, where, std::move(options), std::move(handlers));
  if (joins) state_->sockets.push_back(made->later_joins());
  return made;
}

}  // namespace client

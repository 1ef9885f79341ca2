#include "harness/client/user/state.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <utility>

namespace client {

namespace {

void put(std::vector<http::header>& headers, const http::header& added) {
  std::erase_if(headers, [&](const http::header& h) { return http::same_name(h.name, added.name); });
  headers.push_back(added);
}

constexpr std::string_view garbage = "this-is-not-a-token";

struct signed_for {
  jwt::signing with;
  std::string subject;
};

signed_for signing_of(const target& target, const variables& own, const std::string& id, std::string& claims) {
  const auto& login = target.login;
  signed_for out{.with = {.key = login.secret}, .subject = id};
  if (login.signed_by == login_description::algorithm::rs256) out.with.by = jwt::algorithm::rs256;
  if (login.subject) {
    if (auto filled = login.subject->fill({.self = &own})) out.subject = std::move(*filled);
  }
  if (login.claims) {
    if (auto filled = login.claims->fill({.self = &own})) claims = std::move(*filled);
    out.with.claims = claims;
  }
  return out;
}

}  // namespace

user::state::state(asio::io_context& context, std::shared_ptr<const client::target> described, std::string name,
                   user_options chosen)
    : io(context),
      target(std::move(described)),
      given(std::move(name)),
      id(given),
      options(std::move(chosen)),
      pool(options.pool ? options.pool : std::make_shared<http::pool>(io, target->base_urls, options.connections)),
      // Users do not all begin with the same socket URL, and the same user always begins with the same.
      next_socket(std::hash<std::string>{}(given)) {
  *own = target->users.row(options.row, given);
  if (options.registered) {
    for (const auto& [what, value] : options.registered->all()) own->set(what, value);
  }
  name_user();
  if (target->login.by == login_description::kind::jwt) own_token();
  signed_up_ = target->users.sign_up.empty() || options.registered;
  if (signed_up_ && !target->login.needs_requests()) session = session_is::in;
  if (options.sessions) take_kept_session();
}

void user::state::name_user() {
  const auto name = [&]() -> std::string {
    if (target->login.id) {
      auto filled = target->login.id->fill({.self = own.get()});
      if (filled) return *filled;
    }
    const variable* column = own->find("name");
    return column == nullptr ? given : column->text;
  }();
  id = name;
  // With its type where it is one variable: a number stays a number.
  variable typed{id, false};
  if (target->login.id && target->login.id->slots().size() == 1) {
    const variable* source = own->find(target->login.id->slots().front().name);
    if (source != nullptr && source->text == id) typed = *source;
  }
  const auto columns = target->users.names;
  if (std::find(columns.begin(), columns.end(), "id") == columns.end()) own->set("id", typed);
}

std::string user::state::own_token() {
  const jwt::wall_time now = jwt::wall_now();
  if (token.empty() || now >= renew_at) {
    const auto ttl = target->login.ttl;
    token = minted(ttl);
    renew_at = now + ttl - std::min(std::chrono::seconds(60), ttl / 2);
    own->set("token", {token, false});
  }
  return token;
}

std::string user::state::minted(std::chrono::seconds ttl) const {
  std::string claims;
  const signed_for whom = signing_of(*target, *own, id, claims);
  return jwt::mint(whom.with, whom.subject, jwt::wall_now(), ttl);
}

std::string user::state::badly_minted(jwt::flaw flaw) const {
  if (target->login.by != login_description::kind::jwt) return std::string(garbage);
  std::string claims;
  const signed_for whom = signing_of(*target, *own, id, claims);
  return jwt::mint_bad(flaw, whom.with, whom.subject, jwt::wall_now());
}

variables user::state::session_variables(const call& call) const {
  variables out = *own;
  if (std::holds_alternative<own_credential>(call.credential)) return out;
  const auto* other = std::get_if<other_token>(&call.credential);
  // Everything that a login gave is false, or is not there.
  for (const http_step& step : target->login.steps) {
    for (const capture& each : step.takes) {
      out.set(each.name, other != nullptr ? variable{std::string(garbage), false} : variable{"null", true});
    }
  }
  out.set("token", other != nullptr ? variable{other->token, false} : variable{"null", true});
  return out;
}

variables user::state::socket_variables(const call& call) {
  if (target->login.by == login_description::kind::jwt) own_token();
  return session_variables(call);
}

void user::state::add_session(std::vector<http::header>& out, const call& call) {
  if (std::holds_alternative<no_credential>(call.credential)) return;
  const auto& login = target->login;
  const auto* other = std::get_if<other_token>(&call.credential);
  const bool minted_by_us = login.by == login_description::kind::jwt;
  if (minted_by_us && login.headers.empty() && login.query.empty()) {
    out.push_back({"Authorization", "Bearer " + (other != nullptr ? other->token : own_token())});
    return;
  }
  if (minted_by_us) own_token();
  variables false_ones;
  const variables* from = own.get();
  cookie_jar false_jar;
  const cookie_jar* jar = &cookies;
  if (other != nullptr) {
    false_ones = session_variables(call);
    from = &false_ones;
    false_jar = cookies;
    false_jar.replace_values(garbage);
    jar = &false_jar;
  }
  for (const auto& [name, value] : login.headers) {
    const auto filled = value ? value->fill({.self = from}) : checked<std::string>(reason{"left out"});
    if (filled && filled->find_first_of("\r\n") == std::string::npos) put(out, {name, *filled});
  }
  if (!jar->empty()) out.push_back({"Cookie", jar->header()});
}

std::vector<http::header> user::state::headers(const std::vector<http::header>& of_request, const call& call) {
  std::vector<http::header> out;
  out.push_back({"User-Agent", options.agent});
  add_session(out, call);
  for (const http::header& h : of_request) put(out, h);
  for (const http::header& h : call.headers) put(out, h);
  return out;
}

std::string user::state::with_session_query(std::string path, const call& call) const {
  if (target->login.query.empty() || std::holds_alternative<no_credential>(call.credential)) return path;
  const variables from = session_variables(call);
  for (const auto& [name, value] : target->login.query) {
    const auto filled = value ? value->fill_unless_null({.self = &from}) : checked<std::optional<std::string>>({});
    if (!filled || !*filled) continue;
    path += path.find('?') == std::string::npos ? '?' : '&';
    path.append(percent_encoded(name)).append("=").append(**filled);
  }
  return path;
}

void user::state::fail(std::string why, const http::exchange_handler& handler) {
  asio::post(io, [weak = weak_from_this(), why = std::move(why), handler] {
    if (!weak.lock()) return;
    http::exchange never;
    never.started = never.completed = clock::now();
    never.failure = http::failure::cancelled;
    never.detail = why;
    handler(std::move(never));
  });
}

void user::state::send(http::request request, http::exchange_handler handler, const call& call) {
  const bool own_session = std::holds_alternative<own_credential>(call.credential);
  const bool over = session_ends_ && clock::now() >= *session_ends_;
  if (!own_session || (session == session_is::in && !over)) {
    return send_now(std::move(request), std::move(handler), call, own_session);
  }
  if (over && session == session_is::in) session = session_is::none;
  log_in([this, request = std::move(request), handler = std::move(handler), call](const std::string& problem) mutable {
    if (!problem.empty()) return fail(problem, handler);
    send_now(std::move(request), std::move(handler), call, true);
  });
}

void user::state::send_now(http::request request, http::exchange_handler handler, const call& call, bool may_refresh) {
  const auto& refresh_on = target->login.refresh_on;
  const bool refreshes = may_refresh && !refresh_on.empty() && target->login.needs_requests();
  const auto again = refreshes ? std::make_shared<http::request>(request) : nullptr;
  request.headers = headers(request.headers, call);
  for (const std::string& name : request.without) {
    std::erase_if(request.headers, [&](const http::header& h) { return http::same_name(h.name, name); });
  }
  request.target = with_session_query(std::move(request.target), call);
  auto while_alive = [weak = weak_from_this(), handler = std::move(handler), again, call,
                      number = sessions_](http::exchange exchange) {
    const auto self = weak.lock();
    if (!self) return;
    // What answers a false session (often "forget that cookie") is not about ours.
    if (std::holds_alternative<own_credential>(call.credential)) self->cookies.take(exchange);
    const auto& statuses = self->target->login.refresh_on;
    if (!again || !exchange.answered() ||
        std::find(statuses.begin(), statuses.end(), exchange.status) == statuses.end()) {
      return handler(std::move(exchange));
    }
    // Several requests may have met the end of one session: it is made anew once.
    if (number == self->sessions_ && self->session == session_is::in) self->session = session_is::none;
    self->log_in([self = self.get(), again, handler, call](const std::string& problem) {
      if (!problem.empty()) return self->fail(problem, handler);
      self->send_now(std::move(*again), handler, call, false);
    });
  };
  pool->send(std::move(request), call.patience.value_or(target->patience), std::move(while_alive));
}

void user::state::send_bare(http::request request, http::exchange_handler handler, std::chrono::milliseconds patience) {
  if (!cookies.empty()) put(request.headers, {"Cookie", cookies.header()});
  put(request.headers, {"User-Agent", options.agent});
  pool->send(std::move(request), patience,
             [weak = weak_from_this(), handler = std::move(handler)](http::exchange exchange) {
               const auto self = weak.lock();
               if (!self) return;
               self->cookies.take(exchange);
               handler(std::move(exchange));
             });
}

void user::state::tell_of_chat(const variable& chat_id, const state& peer, const variables& captured) const {
  if (!options.on_created) return;
  options.on_created({.is = created_thing::kind::chat,
                      .id = chat_id,
                      .by = as_maker(),
                      .peer = peer.as_maker(),
                      .captured = worth_keeping(*target, captured),
                      .at = jwt::wall_now()});
}

void user::state::tell_of_registration() const {
  if (!options.on_created) return;
  variables captured;
  for (const http_step& step : target->users.sign_up) {
    for (const capture& each : step.takes) {
      if (const variable* value = own->find(each.name)) captured.set(each.name, *value);
    }
  }
  options.on_created({.is = created_thing::kind::user,
                      .id = {id, false},
                      .by = as_maker(),
                      .peer = std::nullopt,
                      .captured = worth_keeping(*target, captured),
                      .at = jwt::wall_now()});
}

known_chat user::state::chat_of(std::string_view chat_id) const {
  if (const auto found = chats.find(std::string(chat_id)); found != chats.end()) return found->second;
  known_chat out;
  out.chat = std::make_shared<variables>();
  out.chat->set("id", {std::string(chat_id), false});
  return out;
}

frames::joining user::state::joining_of(const known_chat& chat) {
  return {.chat = *chat.chat, .peer = chat.peer ? std::optional<variables>(*chat.peer) : std::nullopt};
}

void user::state::remember(const std::string& chat_id, known_chat chat) {
  std::erase_if(sockets, [](const chat_socket::joiner& each) { return each.gone(); });
  const bool known = !chats.insert_or_assign(chat_id, chat).second;
  if (known) return;
  for (const chat_socket::joiner& each : sockets) each.join(joining_of(chat));
}

bool user::state::all_joined() const {
  return std::all_of(sockets.begin(), sockets.end(), [](const chat_socket::joiner& each) { return each.joined(); });
}

scope user::state::scope_of(const known_chat& in, std::span<const local_variable> call) const {
  return {.call = call, .self = own.get(), .peer = in.peer.get(), .chat = in.chat.get()};
}

}  // namespace client

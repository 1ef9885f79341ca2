#include "harness/client/user/state.hpp"

#include <algorithm>
#include <utility>

namespace client {

namespace {

void put(std::vector<http::header>& headers, const http::header& added) {
  std::erase_if(headers, [&](const http::header& h) { return http::same_name(h.name, added.name); });
  headers.push_back(added);
}

}  // namespace

user::state::state(asio::io_context& context, std::shared_ptr<const client::target> described, std::string name,
                   user_options chosen)
    : io(context),
      target(std::move(described)),
      id(std::move(name)),
      options(std::move(chosen)),
      pool(options.pool ? options.pool : std::make_shared<http::pool>(io, target->base_urls, options.connections)),
      // Users do not all begin with the same socket URL, and the same user always begins with the same.
      next_socket(std::hash<std::string>{}(id)) {
  own_token();
}

std::string user::state::own_token() {
  const jwt::wall_time now = jwt::wall_now();
  if (token.empty() || now >= renew_at) {
    const auto ttl = target->login.ttl;
    token = jwt::mint(target->login.secret, id, now, ttl);
    renew_at = now + ttl - std::min(std::chrono::seconds(60), ttl / 2);
  }
  return token;
}

std::vector<http::header> user::state::headers(const std::vector<http::header>& of_request, const call& call) {
  std::vector<http::header> out;
  out.push_back({"User-Agent", options.agent});
  if (std::holds_alternative<own_credential>(call.credential)) {
    out.push_back({"Authorization", "Bearer " + own_token()});
  } else if (const auto* other = std::get_if<other_token>(&call.credential)) {
    out.push_back({"Authorization", "Bearer " + other->token});
  }
  for (const http::header& h : of_request) put(out, h);
  for (const http::header& h : call.headers) put(out, h);
  return out;
}

variables user::state::socket_variables(const call& call) {
  variables out;
  out.set("name", {id, false});
  out.set("id", {id, false});
  if (std::holds_alternative<own_credential>(call.credential)) {
    out.set("token", {own_token(), false});
  } else if (const auto* other = std::get_if<other_token>(&call.credential)) {
    out.set("token", {other->token, false});
  }
  return out;
}

void user::state::send(http::request request, http::exchange_handler handler, const call& call) {
  request.headers = headers(request.headers, call);
  auto while_alive = [weak = weak_from_this(), handler = std::move(handler)](http::exchange exchange) {
    if (weak.lock()) handler(std::move(exchange));
  };
  pool->send(std::move(request), call.patience.value_or(target->patience), std::move(while_alive));
}

}  // namespace client

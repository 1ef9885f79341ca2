#include "reference-server/api/rest.hpp"

#include "reference-server/api/page.hpp"

#include <chrono>
#include <utility>

namespace api {
namespace {

http::response unauthorized(std::string_view detail) {
  http::response answer = http::problem(401, detail);
  answer.headers = "WWW-Authenticate: Bearer\r\n";
  return answer;
}

// The token of "Bearer <token>"; empty for anything else.
std::string_view bearer_token(std::string_view authorization) {
  constexpr std::size_t scheme = 7;
  if (authorization.size() <= scheme || !http::equal_ignoring_case(authorization.substr(0, scheme), "Bearer ")) {
    return {};
  }
  std::string_view token = authorization.substr(scheme);
  token.remove_prefix(std::min(token.find_first_not_of(' '), token.size()));
  return token;
}

}  // namespace

void rest::serve(http::exchange asked) {
  const http::request& request = asked.request();
  const matched found = match(request.method, request.path, std::span(routes).subspan(login_ == nullptr ? 1 : 0));
  if (found.hit == nullptr) {
    asked.answer(no_action(request, found));
    return;
  }
  call next{std::move(asked), {}, found.chat, found.message, label_of(found.hit->what)};
  if (found.hit->what == action::log_in || identify(next)) {
    act(found.hit->what, std::move(next));
  }
}

// Called for every answer there is: a page has to be able to read the refusals too.
void rest::answering(const http::request& asked, http::response& answer, std::chrono::nanoseconds took) {
  counted_.count(answer.label, answer.status, took);
  cors_.extend(asked, answer);
}

// OPTIONS, 405 or 404: the request names no action.
http::response rest::no_action(const http::request& request, const matched& found) const {
  const bool options = request.method == http::method::options;
  if (options && request.path == "*") {
    return {.status = 204};  // about the server as a whole (RFC 9110, 9.3.7)
  }
  if (found.allowed.empty()) {
    return http::problem(404, "there is no such resource");
  }
  http::response answer = options ? http::response{.status = 204} : http::problem(405, "see Allow");
  answer.headers = "Allow: " + found.allowed + "\r\n";
  if (options) {
    cors_.allow(request, found.allowed, answer);
  }
  return answer;
}

// Fills in who asks; false when the call was answered with 400 or 401.
bool rest::identify(call& asked) {
  const http::request& request = asked.asked.request();
  const std::string_view* authorization = request.find("Authorization");
  if (authorization == nullptr) {
    asked.answer(unauthorized("a bearer token is required"));
    return false;
  }
  const std::string_view token = bearer_token(*authorization);
  bool two = false;
  for (const http::field& field : request.fields) {
    two = two || (http::equal_ignoring_case(field.name, "Authorization") && field.value != *authorization);
  }
  bool bad_query = false;
  const auto in_query = query_parameter(request.query, "access_token", bad_query);
  if (two || bad_query || (in_query && *in_query != token)) {
    asked.refuse(400, "the request carries two different credentials");
    return false;
  }
  const auto now = std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
  auto who = tokens_.verify(token, now);
  if (!who) {
    asked.answer(unauthorized(token.empty() ? "a bearer token is required" : who.error().message()));
    return false;
  }
  asked.user = std::move(who->user);
  return true;
}

void rest::act(action what, call asked) {
  switch (what) {
    case action::log_in:
      return login_->log_in(std::move(asked));
    case action::create_chat:
      return chats_.create(std::move(asked));
    case action::list_chats:
      return chats_.list(std::move(asked));
    case action::one_chat:
      return chats_.one(std::move(asked));
    case action::send_message:
      return messages_.send(std::move(asked));
    case action::history:
      return messages_.history(std::move(asked));
    case action::one_message:
      return messages_.one(std::move(asked));
  }
}

}  // namespace api

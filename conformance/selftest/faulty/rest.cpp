#include "conformance/selftest/faulty/rest.hpp"

#include "conformance/selftest/faulty/credentials.hpp"
#include "conformance/selftest/faulty/validation.hpp"

#include <fmt/format.h>

#include <boost/json/value.hpp>

#include <algorithm>

namespace faulty {
namespace {

constexpr std::string_view prefix = "/api/v1";

template <class T>
const Answer* refusal(const Checked<T>& checked) {
  return std::get_if<Answer>(&checked);
}

template <class T>
T& value(Checked<T>& checked) {
  return std::get<T>(checked);
}

Answer not_found() {
  return problem(404, "there is nothing here for you");
}

Answer created(std::string json, std::string location) {
  return {201, std::move(json), "application/json", {{"Location", std::move(location)}}, false};
}

std::string message_path(const Message& message) {
  return fmt::format("{}/chats/{}/messages/{}/", prefix, message.chat, message.id);
}

// {"results":[…],"next":…}
template <class Rows, class Encode>
Answer page(const Rows& rows, const std::string& next, Encode encode) {
  std::string json = R"({"results":[)";
  for (const auto& row : rows) {
    if (&row != &rows.front()) json += ',';
    json += encode(*row);
  }
  json += next.empty() ? R"(],"next":null})" : fmt::format(R"(],"next":"{}"}})", next);
  return {200, std::move(json), "application/json", {}, false};
}

}  // namespace

struct Rest::Route {
  enum class Kind { none, login, chats, chat, messages, message } kind = Kind::none;
  std::int64_t chat = -1;
  std::int64_t message = -1;

  bool is_list() const { return kind == Kind::chats || kind == Kind::messages; }
  bool can_get() const { return kind != Kind::login; }
  bool can_post() const { return is_list() || kind == Kind::login; }
  std::string allow() const {
    std::string methods = can_get() ? "GET, HEAD, " : "";
    return methods + (can_post() ? "POST, " : "") + "OPTIONS";
  }
};

Rest::Route Rest::match(std::string_view path) {
  using Kind = Route::Kind;
  if (!path.starts_with(prefix)) return {};
  path.remove_prefix(prefix.size());
  if (path.ends_with('/')) path.remove_suffix(1);
  std::vector<std::string_view> parts;
  while (path.starts_with('/')) {
    path.remove_prefix(1);
    parts.push_back(path.substr(0, path.find('/')));
    path.remove_prefix(parts.back().size());
  }
  if (!path.empty() || parts.empty() || std::any_of(parts.begin(), parts.end(), [](auto p) { return p.empty(); }))
    return {};
  if (parts.size() == 1 && parts[0] == "login") return {Kind::login};
  if (parts[0] != "chats" || parts.size() > 4 || (parts.size() > 2 && parts[2] != "messages")) return {};
  Route route{Kind::chats};
  if (parts.size() > 1) route = {Kind::chat, parse_id(parts[1])};
  if (parts.size() > 2) route.kind = Kind::messages;
  if (parts.size() > 3) route = {Kind::message, route.chat, parse_id(parts[3])};
  return route;
}

void Rest::handle(const Request& request, Reply reply) {
  const std::string origin(request.value("Origin"));
  if (std::find(settings_.origins.begin(), settings_.origins.end(), origin) == settings_.origins.end())
    return dispatch(request, reply);
  const bool preflight = request.method == "OPTIONS";
  dispatch(request, [origin, preflight, reply = std::move(reply)](Answer answer) {
    answer.headers.emplace_back("Access-Control-Allow-Origin", origin);
    answer.headers.emplace_back("Access-Control-Expose-Headers", "Location, Retry-After");
    answer.headers.emplace_back("Vary", "Origin");
    if (preflight) {
      answer.headers.emplace_back("Access-Control-Allow-Methods", "GET, HEAD, POST, OPTIONS");
      answer.headers.emplace_back("Access-Control-Allow-Headers", "Authorization, Content-Type, Idempotency-Key");
    }
    reply(std::move(answer));
  });
}

void Rest::dispatch(const Request& request, const Reply& reply) {
  using Kind = Route::Kind;
  const Route route = match(request.path);
  if (route.kind == Kind::none || (route.kind == Kind::login && !settings_.dev_login))
    return reply(problem(404, "there is no such path"));
  const bool get = (request.method == "GET" || request.method == "HEAD") && route.can_get();
  const bool post = request.method == "POST" && route.can_post();
  if (!get && !post) {
    Answer answer = request.method == "OPTIONS" ? Answer{204, {}, {}, {}, false}
                                                : problem(405, "this path does not take " + request.method);
    answer.headers.emplace_back("Allow", route.allow());
    return reply(std::move(answer));
  }
  if (route.kind == Kind::login) return reply(login(request));
  const Credentials credentials = rest_credentials(request);
  if (credentials.conflict) return reply(problem(400, "the request carries two different credentials"));
  const auto identity = tokens_.verify(credentials.token);
  if (!identity) {
    if (get && route.is_list() && credentials.token.empty() && faults_.strikes(Fault::no_token_empty_list)) {
      faults_.note(Fault::no_token_empty_list, {.chat = std::max<std::int64_t>(route.chat, 0)});
      return reply({200, R"({"results":[],"next":null})", "application/json", {}, false});
    }
    return reply(unauthorised(credentials.token.empty() ? "a bearer token is required" : "the token is not valid"));
  }
  const std::string& user = identity->user;
  if (route.kind == Kind::chats) return reply(get ? list_chats(request, user) : create_chat(request, user));
  if (route.kind == Kind::chat) return reply(one_chat(route, user));
  if (route.kind == Kind::message) return reply(one_message(route, user));
  if (get) return reply(history(request, route, user));
  send(request, route, user, reply);
}

Answer Rest::login(const Request& request) {
  auto object = json_object(request);
  if (const auto* no = refusal(object)) return *no;
  auto user = user_id(value(object), "user");
  if (const auto* no = refusal(user)) return *no;
  const std::int64_t expires = now_us() / 1'000'000 + 3600;
  return {200,
          fmt::format(R"({{"token":"{}","expires_at":"{}"}})", tokens_.sign(value(user), expires),
                      rfc3339(expires * 1'000'000)),
          "application/json",
          {},
          false};
}

Answer Rest::create_chat(const Request& request, const std::string& user) {
  auto object = json_object(request);
  if (const auto* no = refusal(object)) return *no;
  auto peer = participant(value(object), user);
  if (const auto* no = refusal(peer)) return *no;
  const auto [chat, is_new] = store_.create_chat(user, value(peer));
  if (!is_new) return {200, to_json(*chat), "application/json", {}, false};
  return created(to_json(*chat), fmt::format("{}/chats/{}/", prefix, chat->id));
}

Answer Rest::list_chats(const Request& request, const std::string& user) {
  auto place = window(request, false);
  if (const auto* no = refusal(place)) return *no;
  const auto found = store_.chats_of(user, value(place));
  std::string next;
  if (found.more) next = fmt::format("{}/chats/?limit={}&after={}", prefix, value(place).limit, found.chats.back()->id);
  return page(found.chats, next, [](const Chat& chat) { return to_json(chat); });
}

Answer Rest::one_chat(const Route& route, const std::string& user) {
  const Chat* chat = store_.readable(route.chat, user);
  return chat == nullptr ? not_found() : Answer{200, to_json(*chat), "application/json", {}, false};
}

Answer Rest::history(const Request& request, const Route& route, const std::string& user) {
  auto place = window(request, true);
  if (const auto* no = refusal(place)) return *no;
  const Chat* chat = store_.readable(route.chat, user);
  if (chat == nullptr) return not_found();
  const auto found = store_.history(*chat, value(place), user);
  std::string next;
  if (found.more) {
    const bool forward = value(place).kind == Window::Kind::after;
    const auto& edge = forward ? found.messages.back() : found.messages.front();
    next = fmt::format("{}/chats/{}/messages/?limit={}&{}={}", prefix, chat->id, value(place).limit,
                       forward ? "after" : "before", edge->id);
  }
  return page(found.messages, next, [](const Message& message) { return to_json(message); });
}

Answer Rest::one_message(const Route& route, const std::string& user) {
  const Chat* chat = store_.readable(route.chat, user);
  const MessagePtr message = chat == nullptr ? nullptr : store_.message(*chat, route.message);
  return message == nullptr ? not_found() : Answer{200, to_json(*message), "application/json", {}, false};
}

void Rest::send(const Request& request, const Route& route, std::string user, const Reply& reply) {
  auto object = json_object(request);
  if (const auto* no = refusal(object)) return reply(*no);
  auto body = message_body(value(object));
  if (const auto* no = refusal(body)) return reply(*no);
  auto key = idempotency_key(request);
  if (const auto* no = refusal(key)) return reply(*no);
  const Chat* chat = store_.writable(route.chat, user);
  if (chat == nullptr) return reply(not_found());
  if (auto named = user_id(value(object), "sender");
      refusal(named) == nullptr && value(named) != user && faults_.strikes(Fault::sender_from_body, chat->id)) {
    faults_.note(Fault::sender_from_body, {.chat = chat->id, .user = value(named)});
    user = value(named);
  }
  const std::string& recipient = chat->other(user);
  Post post{chat->id, std::move(user), recipient, std::move(value(body)), std::move(value(key))};
  commits_.post(std::move(post), [reply](const Posted& posted) {
    switch (posted.outcome) {
      case Posted::Outcome::created:
        return reply(created(to_json(*posted.message), message_path(*posted.message)));
      case Posted::Outcome::repeated:
        return reply({200, to_json(*posted.message), "application/json", {}, false});
      case Posted::Outcome::key_reused:
        return reply(problem(422, "this Idempotency-Key was used for another message"));
      case Posted::Outcome::queue_full:
        break;
    }
    Answer answer = problem(503, "too many messages are waiting");
    answer.headers.emplace_back("Retry-After", "1");
    reply(std::move(answer));
  });
}

}  // namespace faulty

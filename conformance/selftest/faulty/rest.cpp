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
  if (route.kind == Kind::messages && route.chat < 0 && faults_.strikes(Fault::odd_chat_id_breaks)) {
    faults_.note(Fault::odd_chat_id_breaks, {.user = user});
    return reply(problem(500, "invalid input syntax for type bigint"));
  }
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
  if (faults_.strikes(Fault::chat_answer_without_id, chat->id)) {
    faults_.note(Fault::chat_answer_without_id, {.chat = chat->id, .user = user});
    return {200, R"({"status":"created"})", "application/json", {}, false};
  }
  if (!is_new) return {200, to_json(*chat), "application/json", {}, false};
  return created(to_json(*chat), fmt::format("{}/chats/{}/", prefix, chat->id));
}

Answer Rest::list_chats(const Request& request, const std::string& user) {
  auto place = window(request, false);
  if (const auto* no = refusal(place)) return *no;
  const auto found = store_.chats_of(user, value(place));
  std::string next;
  if (found.more) next = fmt::format("{}/chats/?limit={}&after={}", prefix, value(place).limit, found.chats.back()->id);
  if (!found.chats.empty() && faults_.strikes(Fault::chat_list_other_ids)) {
    faults_.note(Fault::chat_list_other_ids, {.user = user});
    return page(found.chats, next, [](const Chat& chat) {
      const std::string number = std::to_string(chat.id);
      std::string json = to_json(chat);
      return json.replace(json.find(number), number.size(), fmt::format(R"("chat-{}")", number));
    });
  }
  Answer fresh = page(found.chats, next, [](const Chat& chat) { return to_json(chat); });
  return faults_.is_on(Fault::chat_list_cached) ? from_cache(user, request, std::move(fresh)) : fresh;
}

Answer Rest::from_cache(const std::string& user, const Request& request, Answer fresh) {
  constexpr std::chrono::seconds lifetime{2};
  const auto now = std::chrono::steady_clock::now();
  const auto [entry, is_new] = lists_.try_emplace(user + '?' + request.query, Cached{fresh, now});
  Cached& cached = entry->second;
  const bool differs = cached.answer.body != fresh.body;
  if (now - cached.since < lifetime && differs && faults_.strikes(Fault::chat_list_cached)) {
    faults_.note(Fault::chat_list_cached, {.user = user});
    return cached.answer;
  }
  if (now - cached.since >= lifetime) cached = {fresh, now};
  return fresh;
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
  auto found = store_.history(*chat, value(place), user);
  std::string next;
  if (found.more) {
    const bool forward = value(place).kind == Window::Kind::after;
    const auto& edge = forward ? found.messages.back() : found.messages.front();
    next = fmt::format("{}/chats/{}/messages/?limit={}&{}={}", prefix, chat->id, value(place).limit,
                       forward ? "after" : "before", edge->id);
  }
  if (found.messages.size() > 1 && faults_.strikes(Fault::history_unordered, chat->id)) {
    faults_.note(Fault::history_unordered, {.chat = chat->id, .user = user});
    const auto place_of_cut = 1 + faults_.draw(Fault::history_unordered, found.messages.size() - 1);
    std::rotate(found.messages.begin(), found.messages.begin() + static_cast<std::ptrdiff_t>(place_of_cut),
                found.messages.end());
  }
  return page(found.messages, next, [](const Message& message) { return to_json(message); });
}

Answer Rest::one_message(const Route& route, const std::string& user) {
  const Chat* chat = store_.readable(route.chat, user);
  const MessagePtr message = chat == nullptr ? nullptr : store_.message(*chat, route.message);
  return message == nullptr ? not_found() : Answer{200, to_json(*message), "application/json", {}, false};
}

bool Rest::acts_before_it_looks(const boost::json::object& object, const Route& route, const std::string& user,
                                const Answer& refusal, const Reply& reply) {
  Chat* chat = store_.writable(route.chat, user);
  if (chat == nullptr) return false;
  const bool inserts = faults_.strikes(Fault::insert_before_validation, chat->id);
  if (!inserts && !faults_.strikes(Fault::publish_then_refuse, chat->id)) return false;
  const Fault fault = inserts ? Fault::insert_before_validation : Fault::publish_then_refuse;
  const auto* member = object.if_contains("body");
  const bool is_text = member != nullptr && member->is_string();
  Post post{.chat = chat->id,
            .sender = user,
            .recipient = chat->other(user),
            .body = is_text ? std::string(std::string_view(member->get_string())) : std::string(),
            .key = {},
            .fate = inserts ? Post::Fate::stored_only : Post::Fate::published_only};
  commits_.post(std::move(post), [this, fault, refusal, reply](const Posted& posted) {
    if (posted.message) faults_.note(fault, {.of = posted.message.get(), .user = posted.message->recipient});
    reply(refusal);
  });
  return true;
}

void Rest::send(const Request& request, const Route& route, std::string user, const Reply& reply) {
  auto object = json_object(request);
  if (const auto* no = refusal(object)) return reply(*no);
  auto body = message_body(value(object));
  if (const auto* no = refusal(body)) {
    if (!acts_before_it_looks(value(object), route, user, *no, reply)) reply(*no);
    return;
  }
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
  Post post{.chat = chat->id,
            .sender = std::move(user),
            .recipient = recipient,
            .body = std::move(value(body)),
            .key = std::move(value(key))};
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

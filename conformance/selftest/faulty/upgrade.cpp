#include "conformance/selftest/faulty/upgrade.hpp"

#include "conformance/selftest/faulty/credentials.hpp"

#include <algorithm>

namespace faulty {
namespace {

bool lists(const Request& request, std::string_view header, std::string_view token) {
  for (std::string_view value : request.values(header))
    while (!value.empty()) {
      auto item = value.substr(0, value.find(','));
      value.remove_prefix(std::min(value.size(), item.size() + 1));
      while (item.starts_with(' ') || item.starts_with('\t')) item.remove_prefix(1);
      while (item.ends_with(' ') || item.ends_with('\t')) item.remove_suffix(1);
      if (equal_ignoring_case(item, token)) return true;
    }
  return false;
}

// 16 bytes in base64: 22 digits and two equals signs.
bool is_key(std::string_view key) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  return key.size() == 24 && key.ends_with("==") && key.substr(0, 22).find_first_not_of(alphabet) == key.npos;
}

std::optional<Answer> check_handshake(const Request& request) {
  if (request.method != "GET") {
    Answer answer = problem(405, "a socket is opened with GET");
    answer.headers.emplace_back("Allow", "GET");
    return answer;
  }
  if (!lists(request, "Upgrade", "websocket") || !lists(request, "Connection", "upgrade") ||
      request.value("Sec-WebSocket-Version") != "13") {
    Answer answer = problem(426, "this path speaks WebSocket, version 13");
    answer.headers.emplace_back("Upgrade", "websocket");
    answer.headers.emplace_back("Connection", "Upgrade");
    answer.headers.emplace_back("Sec-WebSocket-Version", "13");
    return answer;
  }
  if (request.values("Sec-WebSocket-Key").size() != 1 || !is_key(request.value("Sec-WebSocket-Key")))
    return problem(400, "expected one Sec-WebSocket-Key of 16 bytes in base64");
  return std::nullopt;
}

// The user that the address names, when the server is so trusting.
std::string named_in_query(const Request& request) {
  for (const auto* name : {"user", "user_id"}) {
    const auto values = parameter(request.query, name);
    if (values && !values->empty() && is_user_id(values->front())) return values->front();
  }
  return {};
}

}  // namespace

std::variant<SocketOpening, Answer> check_upgrade(const Request& request, Server& server) {
  if (auto refusal = check_handshake(request)) return *std::move(refusal);
  const Credentials credentials = socket_credentials(request);
  if (credentials.conflict) return problem(400, "the request carries two different credentials");
  const auto identity = server.tokens.verify(credentials.token);
  if (!identity) {
    if (!server.faults.strikes(Fault::socket_unauthenticated_gets_frames))
      return unauthorised(credentials.token.empty() ? "a token is required" : "the token is not valid");
    return SocketOpening{TokenCheck::claimed_user(credentials.token), now_seconds() + 1, true};
  }
  const auto& origins = server.settings.origins;
  if (const auto origin = request.value("Origin");
      !origins.empty() && !origin.empty() && std::find(origins.begin(), origins.end(), origin) == origins.end())
    return problem(403, "this origin may not open a socket");
  SocketOpening opening{identity->user, identity->expires};
  if (const auto named = named_in_query(request);
      !named.empty() && named != opening.user && server.faults.strikes(Fault::query_user_trusted)) {
    server.faults.note(Fault::query_user_trusted, {.user = named});
    opening.user = named;
  }
  return opening;
}

}  // namespace faulty

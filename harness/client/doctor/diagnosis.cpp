#include "harness/client/doctor/diagnosis.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <boost/json.hpp>

#include <algorithm>

namespace client::doctor {

namespace {

bool has(std::string_view text, std::string_view part) {
  const auto same = [](char a, char b) { return (a | 0x20) == (b | 0x20); };
  return std::search(text.begin(), text.end(), part.begin(), part.end(), same) != text.end();
}

bool is_json(std::string_view text) {
  boost::system::error_code error;
  boost::json::parse(text, error);
  return !error;
}

bool is_page(const http::exchange& came) {
  return has(came.find("Content-Type").value_or(""), "text/html") || has(came.body.substr(0, 512), "<html") ||
         has(came.body.substr(0, 512), "<!doctype html");
}

std::string beginning(std::string_view body) {
  constexpr std::size_t enough = 160;
  std::string out(body.substr(0, enough));
  std::ranges::replace_if(
      out, [](unsigned char c) { return c < ' '; }, ' ');
  return body.size() > enough ? out + "…" : out;
}

std::string server_name(const http::exchange& came) {
  const auto name = came.find("Server");
  return name ? fmt::format(" (Server: {})", *name) : std::string();
}

diagnosis of_failure(const http::exchange& came) {
  switch (came.failure) {
    case http::failure::resolve:
      return {culprit::file, "the host has no address: " + came.detail, "mend the host name in the URL"};
    case http::failure::connect:
      if (has(came.detail, "certificate is not trusted")) {
        return {culprit::server, came.detail,
                "mend the server's certificate; for one of an authority of your own give --cacert FILE, to go without "
                "--insecure"};
      }
      if (has(came.detail, ": TLS: ")) {
        return {culprit::server, "no TLS with it: " + came.detail,
                "does this port speak TLS? If not: http: in the URL"};
      }
      return {culprit::server, "nobody answers there: " + came.detail,
              "start the backend, or mend host and port in the URL"};
    case http::failure::closed:
      return {culprit::server, "it closed the connection without an answer", "look into the server's log"};
    case http::failure::reset:
      return {culprit::server, "it broke the connection without an answer: " + came.detail,
              "look into the server's log"};
    case http::failure::truncated:
      return {culprit::server, "it closed the connection inside the answer", "look into the server's log"};
    case http::failure::garbage:
      return {culprit::server, "what answers there does not speak HTTP: " + came.detail,
              "look at what listens on that port; is it the backend?"};
    case http::failure::too_large:
      return {culprit::server, "the answer is too large: " + came.detail,
              "is this the path of an action, or of a download?"};
    case http::failure::timeout:
      return {culprit::server, "it took the connection and gave no whole answer in time: " + came.detail,
              "is it overloaded or hung? If it is only slow, give more `patience`"};
    case http::failure::none:
    case http::failure::cancelled:
      break;
  }
  return {culprit::server, came.summary(), "run it again"};
}

// 3xx
diagnosis of_redirect(const http::exchange& came) {
  const std::string where(came.find("Location").value_or("nowhere"));
  if (has(where, "login") || has(where, "signin") || has(where, "sign_in")) {
    return {culprit::file, fmt::format("{}: sent to the log-in page {}", came.status, where),
            "the session is not accepted: mend `login` (its steps, or the headers it gives to later requests)"};
  }
  return {
      culprit::file, fmt::format("{}: sent to {}", came.status, where),
      fmt::format("mend the address or path (perhaps only its slash at the end, or https), or expect {}", came.status)};
}

diagnosis of_status(const http::exchange& came, const expectation& expected) {
  const std::string said = came.body.empty() ? std::string() : ": " + beginning(came.body);
  switch (came.status) {
    case 400:
    case 409:
    case 415:
    case 422:
      return {culprit::file, fmt::format("{}{}", came.status, said),
              "the server does not take the request as the file writes it, one of the two is wrong: mend its body, "
              "form or headers"};
    case 401:
      return {culprit::file, fmt::format("401{}", said),
              "the credential is not accepted: mend `login` (its secret, steps, or the headers it gives)"};
    case 403:
      if (is_page(came)) {
        if (has(came.body, "csrf")) {
          return {culprit::file, fmt::format("403 with a page about CSRF{}", server_name(came)),
                  "capture the CSRF token (a cookie or a hidden field) and send it in a header or the form"};
        }
        return {culprit::server,
                fmt::format("403 with a web page{}: a firewall or proxy in front of the backend", server_name(came)),
                "let this machine through, or give the backend's own address"};
      }
      return {culprit::file, fmt::format("403{}", said), "this user may not do that: mend the users or `login`"};
    case 404:
      return {culprit::file, fmt::format("404{}", said),
              "the file asks for this path and the server has nothing there, one of the two is wrong: mend it"};
    case 405:
      return {culprit::file, fmt::format("405; it allows {}", came.find("Allow").value_or("other methods")),
              "the file asks by a method that the server does not take, one of the two is wrong: mend it"};
    case 407:
      return {culprit::server, "407: a proxy wants its own log-in", "mend HTTPS_PROXY or NO_PROXY"};
    case 429:
      return {culprit::server,
              fmt::format("429: it limits the rate{}",
                          came.find("Retry-After") ? fmt::format(", Retry-After {}", *came.find("Retry-After")) : ""),
              "wait, or declare the limit (login.pace, errors.rate_limit)"};
    case 502:
    case 503:
    case 504:
      return {culprit::server,
              fmt::format("{}{}: what stands in front of the backend cannot reach it", came.status, server_name(came)),
              "start the backend, or mend the proxy"};
    default:
      break;
  }
  if (came.status >= 500) {
    return {culprit::server, fmt::format("{}{}", came.status, said), "look into the server's log"};
  }
  if (came.status >= 200 && came.status < 300) {
    return {culprit::file,
            fmt::format("{}, where the file expects {}", came.status, fmt::join(expected.statuses, " or ")),
            fmt::format("expect {}", came.status)};
  }
  return {culprit::file, fmt::format("{}{}", came.status, said), "mend the request"};
}

}  // namespace

std::string_view to_string(culprit who) noexcept {
  return who == culprit::file ? "target file" : "server";
}

std::optional<diagnosis> diagnose(const http::exchange& came, const expectation& expected) {
  if (!came.answered()) return of_failure(came);
  const bool wanted = expected.statuses.empty()
                          ? came.success()
                          : std::ranges::find(expected.statuses, came.status) != expected.statuses.end();
  constexpr std::size_t enough = 4U << 20U;
  if (came.body.size() > enough) {
    return diagnosis{culprit::server, fmt::format("{} with a body of {} MB", came.status, came.body.size() / 1'000'000),
                     "is the size of its pages bounded?"};
  }
  if (!wanted) return came.status >= 300 && came.status < 400 ? of_redirect(came) : of_status(came, expected);
  if (!expected.json || is_json(came.body)) return std::nullopt;
  if (is_page(came)) {
    if (has(came.body, "password")) {
      return diagnosis{
          culprit::file, fmt::format("{} with a log-in page in the place of JSON", came.status),
          "the session is not accepted: mend `login` (its steps, or the headers it gives to later requests)"};
    }
    return diagnosis{culprit::file, fmt::format("{} with a web page in the place of JSON", came.status),
                     "this is the path of a page, not of the API: mend it"};
  }
  return diagnosis{culprit::server, fmt::format("{}, but what came is not JSON: {}", came.status, beginning(came.body)),
                   "look into the server's log"};
}

diagnosis diagnose(const websocket::end& came) {
  using websocket::end_kind;
  switch (came.kind) {
    case end_kind::refused:
      switch (came.status) {
        case 401:
        case 403:
          return {culprit::file, fmt::format("the handshake was refused with {}", came.status),
                  "the socket does not take the credential: mend what `socket` sends (headers, query, cookie)"};
        case 404:
          return {culprit::file, "the handshake was answered 404", "no socket is at this path: mend socket.url"};
        case 502:
        case 503:
        case 504:
          return {culprit::server, fmt::format("the handshake was answered {}", came.status),
                  "start the socket service, or mend the proxy"};
        case 200:
        case 400:
        case 426:
          return {culprit::server,
                  fmt::format(
                      "the handshake was answered {}: the request came there without Upgrade, or the path takes none",
                      came.status),
                  "let the proxy pass Upgrade and Connection, or mend socket.url"};
        default:
          return {came.status >= 500 ? culprit::server : culprit::file,
                  fmt::format("the handshake was answered {}", came.status), "mend socket.url"};
      }
    case end_kind::timeout:
      return {culprit::server, "it took the connection and did not answer the handshake in time",
              "is it overloaded or hung?"};
    case end_kind::protocol:
      return {culprit::server, "it broke the WebSocket protocol: " + came.detail, "look at what listens on that port"};
    case end_kind::closed_by_peer:
      return {
          culprit::file,
          fmt::format("it closed the socket with code {}{}", came.code, came.reason.empty() ? "" : ": " + came.reason),
          "what does the server ask for after connecting? Mend socket (handshake, join, headers)"};
    default:
      return {culprit::server, "the socket broke: " + came.summary(), "start the socket service, or mend socket.url"};
  }
}

diagnosis diagnose_pointer(std::string_view json, std::string_view pointer, std::string_view problem) {
  const auto found = likely_pointers(json, pointer);
  return {culprit::file,
          fmt::format("the answer has nothing usable at {}{}{}", pointer.empty() ? "its root" : pointer,
                      problem.empty() ? "" : ": ", problem),
          found.empty() ? fmt::format("mend the pointer; the answer is {}", beginning(json))
                        : fmt::format("the answer has {}", fmt::join(found, ", "))};
}

}  // namespace client::doctor

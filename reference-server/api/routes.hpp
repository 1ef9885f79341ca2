// The one table of what the api answers to, and how a path is matched against it. Constants and a pure function.
#pragma once

#include "reference-server/http/request.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace api {

enum class action { log_in, create_chat, list_chats, one_chat, send_message, history, one_message };

struct route {
  http::method method;       // GET serves HEAD too
  std::string_view pattern;  // {chat} and {message} stand for ids; the trailing slash may be missing in a request
  action what;
};

inline constexpr std::array routes{
    route{http::method::post, "/api/v1/login/", action::log_in},
    route{http::method::post, "/api/v1/chats/", action::create_chat},
    route{http::method::get, "/api/v1/chats/", action::list_chats},
    route{http::method::get, "/api/v1/chats/{chat}/", action::one_chat},
    route{http::method::post, "/api/v1/chats/{chat}/messages/", action::send_message},
    route{http::method::get, "/api/v1/chats/{chat}/messages/", action::history},
    route{http::method::get, "/api/v1/chats/{chat}/messages/{message}/", action::one_message},
};

struct matched {
  const route* hit = nullptr;  // null: see `allowed`
  std::string allowed;         // value of Allow when the path is known and the method is not; empty: unknown path
  std::int64_t chat = 0;
  std::int64_t message = 0;
};

// Looks in `among`: all routes, or those without the first one, when logging in by name is off.
matched match(http::method method, std::string_view path, std::span<const route> among = routes);

}  // namespace api

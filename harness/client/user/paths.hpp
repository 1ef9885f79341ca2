// Where the actions of a chat backend live below its base URL, and where a link of an answer leads. Pure.
#pragma once

#include "harness/client/target/problem.hpp"
#include "harness/client/target/target.hpp"
#include "harness/client/user/user.hpp"

#include <string>
#include <string_view>

namespace client {

std::string chats_path();
std::string chat_path(std::string_view chat_id);
std::string messages_path(std::string_view chat_id);
std::string message_path(std::string_view chat_id, std::string_view message_id);
std::string query_text(const history_query& query);  // "" or "?limit=…&after=…"

// The request target that the link `next`, found in the answer to `current`, means: a path, a query alone, or a whole
// URL of one of the target's own addresses. Nothing else is ever followed.
checked<std::string> follow(const target& target, std::string_view current, std::string_view next);

}  // namespace client

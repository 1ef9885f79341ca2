// How chats and messages look to clients, and the parts of a row they are made of. Pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace api {

struct message {
  std::int64_t id = 0;
  std::int64_t chat = 0;
  std::string_view sender;
  std::string_view recipient;
  std::string_view body;
  std::string_view created_at;  // as PostgreSQL writes a timestamptz in UTC
};

struct chat {
  std::int64_t id = 0;
  std::string_view low;
  std::string_view high;
  std::string_view created_at;
};

void append_json(std::string& out, const message& shown);
void append_json(std::string& out, const chat& shown);

// "2026-11-24 05:00:00.12+00" becomes "2026-11-24T05:00:00.120000Z", appended.
void append_time(std::string& out, std::string_view postgres_time);

std::string chat_path(std::int64_t chat);                           // /api/v1/chats/7/
std::string message_path(std::int64_t chat, std::int64_t message);  // /api/v1/chats/7/messages/9/

}  // namespace api

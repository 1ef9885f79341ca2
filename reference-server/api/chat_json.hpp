// How chats and messages look to clients, and the parts of a row they are made of. Pure functions.
#pragma once

#include "reference-server/api/time_point.hpp"

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
  time_point created_at;
};

struct chat {
  std::int64_t id = 0;
  std::string_view low;
  std::string_view high;
  time_point created_at;
};

void append_json(std::string& out, const message& shown);
void append_json(std::string& out, const chat& shown);

// Appends "2026-11-24T05:00:00.120000Z". The year has four digits.
void append_time(std::string& out, time_point at);

std::string chat_path(std::int64_t chat);                           // /api/v1/chats/7/
std::string message_path(std::int64_t chat, std::int64_t message);  // /api/v1/chats/7/messages/9/

}  // namespace api

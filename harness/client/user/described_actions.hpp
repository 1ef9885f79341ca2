// The actions of a user as its target's `rest` describes them. As the functions of client::user of like names.
#pragma once

#include "harness/client/user/state.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace client {

using user_state = user::state;

void create_as_described(const std::shared_ptr<user_state>& self, const std::shared_ptr<user_state>& peer,
                         reply_handler<chat> handler, const call& call);
// Both members learn of a chat that was made in the reference's way; `done` is called once their open sockets joined
// it.
void meet(const std::shared_ptr<user_state>& self, const std::shared_ptr<user_state>& peer, const std::string& chat_id,
          std::function<void()> done);
void send_as_described(user_state& self, std::string_view chat_id, std::string_view text,
                       reply_handler<message> handler, const call& call);
std::string described_body(const user_state& self, std::string_view chat_id, std::string_view text, bool bare);
void send_described_body(user_state& self, std::string_view chat_id, std::string body, http::exchange_handler handler,
                         const call& call);

void list_described_chats(user_state& self, reply_handler<page<chat>> handler, const call& call);
void read_described_page(user_state& self, std::string_view chat_id, const history_query& query,
                         reply_handler<page<message>> handler, const call& call);
void walk_described_chats(user_state& self, std::function<void(chat_walk)> handler, const call& call);
void walk_described_history(user_state& self, std::string_view chat_id, std::function<void(walk)> handler,
                            const history_query& query, std::size_t max_pages, const call& call);

}  // namespace client

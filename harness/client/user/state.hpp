// What a user holds: its identity, its token, its connections. Owned by the user; a walk refers to it weakly.
#pragma once

#include "harness/client/target/variables.hpp"
#include "harness/client/user/user.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace client {

struct user::state : std::enable_shared_from_this<user::state> {
  state(asio::io_context& context, std::shared_ptr<const client::target> described, std::string name,
        user_options chosen);

  std::string own_token();
  // Ours (credential, agent), then those of the request, then those of the call; the later one of a name stays.
  std::vector<http::header> headers(const std::vector<http::header>& of_request, const call& call);
  // What the templates of the socket may use; without a credential there is no token.
  variables socket_variables(const call& call);
  void send(http::request request, http::exchange_handler handler, const call& call);

  asio::io_context& io;
  std::shared_ptr<const client::target> target;
  std::string id;
  user_options options;
  std::shared_ptr<http::pool> pool;
  std::size_t next_socket;
  std::string token;
  jwt::wall_time renew_at{};
};

}  // namespace client

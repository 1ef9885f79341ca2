// All parts of the api process, built by hand in the order of their use, and its one thread's loop. Owned by main.
#pragma once

#include "reference-server/api/admin.hpp"
#include "reference-server/api/chats.hpp"
#include "reference-server/api/login.hpp"
#include "reference-server/api/messages.hpp"
#include "reference-server/api/readers.hpp"
#include "reference-server/api/rest.hpp"
#include "reference-server/api/writer.hpp"
#include "reference-server/http/server.hpp"
#include "reference-server/ops/flags.hpp"
#include "reference-server/ops/signals.hpp"
#include "reference-server/token/token.hpp"

#include <boost/asio/io_context.hpp>

#include <optional>
#include <string>
#include <vector>

namespace api {

struct api_flags : ops::common_flags {
  std::string postgres;  // libpq conninfo
  bool dev_login = false;
  std::vector<std::string> origins;  // of web pages that may call
};

class application {
 public:
  application(const api_flags& flags, const std::string& secret, redis::address redis);

  // Serves until a signal or an unusable database; gives the exit code.
  int run();

 private:
  void report_when_ready(int polls_left);
  void stop();

  const api_flags& flags_;
  boost::asio::io_context io_{1};
  token::signer signer_;
  readers readers_;
  messages messages_;
  writer writer_;
  chats chats_;
  std::optional<login> login_;
  rest rest_;
  http::server server_;
  admin admin_;
  http::server admin_server_;
  steady_timer ready_poll_;
  ops::stop_signals signals_;
  int exit_code_ = 0;
};

}  // namespace api

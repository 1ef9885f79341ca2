#include "reference-server/api/application.hpp"

#include "reference-server/ops/endpoint.hpp"
#include "reference-server/ops/log.hpp"
#include "reference-server/ops/open_files.hpp"
#include "reference-server/ops/ready.hpp"

#include <utility>

namespace api {
namespace {

constexpr std::size_t reader_connections = 3;
constexpr std::chrono::seconds drain_time{5};
constexpr std::chrono::milliseconds ready_poll_period{5};
constexpr int ready_polls = 400;

}  // namespace

application::application(const api_flags& flags, const std::string& secret, redis::address redis)
    : flags_(flags),
      signer_(secret),
      readers_(io_, reader_connections, flags.postgres, flags.name,
               [this](std::string_view why) {
                 ops::log_error("database unusable", {{"why", why}});
                 exit_code_ = 1;
                 io_.stop();
               }),
      messages_(readers_),
      writer_(io_, flags.postgres, flags.name, std::move(redis), messages_,
              [this](std::string_view why) {
                ops::log_error("database unusable", {{"why", why}});
                exit_code_ = 1;
                io_.stop();
              }),
      chats_(readers_),
      rest_(signer_, cors(flags.origins), chats_, messages_, flags.dev_login ? &login_.emplace(signer_) : nullptr),
      server_(io_, rest_),
      admin_(server_, rest_.counted(), readers_, writer_),
      admin_server_(io_, admin_),
      ready_poll_(io_.get_executor()),
      signals_(io_, [this] { stop(); }) {
  messages_.use(writer_);
}

int application::run() {
  if (const auto failed = server_.listen(flags_.listen)) {
    return ops::refuse("rollcall-api", "--listen " + ops::to_string(flags_.listen) + ": " + failed.message());
  }
  if (flags_.admin_listen) {
    if (const auto failed = admin_server_.listen(*flags_.admin_listen)) {
      return ops::refuse("rollcall-api",
                         "--admin-listen " + ops::to_string(*flags_.admin_listen) + ": " + failed.message());
    }
  }
  readers_.start();
  writer_.start();
  ops::log_info("listening",
                {{"address", ops::to_string(server_.local_endpoint())}, {"open_files", ops::raise_open_files_limit()}});
  report_when_ready(ready_polls);
  io_.run();
  return exit_code_;
}

// Whoever waits for the ready line should not be greeted with a 503; without PostgreSQL it comes all the same.
void application::report_when_ready(int polls_left) {
  if (polls_left == 0 || (writer_.up() && readers_.up())) {
    ops::report_ready(flags_.ready_fd, server_.local_endpoint(),
                      flags_.admin_listen ? std::optional(admin_server_.local_endpoint()) : std::nullopt);
    return;
  }
  ready_poll_.expires_after(ready_poll_period);
  ready_poll_.async_wait([this, polls_left](const boost::system::error_code& cancelled) {
    if (!cancelled) {
      report_when_ready(polls_left - 1);
    }
  });
}

// Open requests are answered first; then all links go and the loop runs out of work.
void application::stop() {
  ops::log_info("stopping");
  ready_poll_.cancel();
  server_.stop(drain_time, [this] {
    admin_server_.stop(std::chrono::milliseconds(0), [this] {
      writer_.stop();
      readers_.stop();
      signals_.cancel();
      ops::log_info("stopped");
    });
  });
}

}  // namespace api

#include "conformance/targets/test/foreign_backend.hpp"

#include <signal.h>

#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>

#include <fstream>
#include <iterator>

namespace conformance::targets_test {

foreign_backend::foreign_backend(std::string folder, const std::vector<std::string>& start)
    : target_(std::string(ROLLCALL_SOURCE) + "/conformance/targets/" + std::move(folder) + "/rollcall.yaml") {
  stack::options stores;
  stores.api = stores.gateway = 0;
  auto started = stack::stack::start(stores);
  if (!started) {
    problem_ = started.error().what;
    return;
  }
  stores_ = std::move(*started);
  const std::string redis = stores_->redis_path();
  // Standard error has to go where nobody needs to read it in time: a full pipe would hold the backend up.
  std::vector<std::string> words{"/bin/sh", "-c", R"(exec "$0" "$@" 2>"$BACKEND_LOG")"};
  words.insert(words.end(), start.begin(), start.end());
  program_.emplace(words, std::map<std::string, std::string>{{"BACKEND_LOG", scratch_.path() + "/log"},
                                                             {"PGHOST", stores_->redis_path().parent_path()},
                                                             {"PGPORT", "5432"},
                                                             {"PGUSER", "rollcall"},
                                                             {"PGDATABASE", "postgres"},
                                                             {"DATABASE_URL", ""},
                                                             {"REDIS_URL", "unix://" + redis},
                                                             {"API_PORT", "0"},
                                                             {"SOCKET_PORT", "0"},
                                                             {"PYTHONDONTWRITEBYTECODE", "1"}});
  if (!program_->wait_for("}\n", std::chrono::seconds(60))) {
    problem_ = "it printed no addresses; its log: " + log();
    return;
  }
  const auto addresses = boost::json::parse(program_->out());
  api_ = boost::json::value_to<std::string>(addresses.at("api"));
  const auto sockets = boost::json::value_to<std::string>(addresses.at("sockets"));
  sockets_ = "ws" + sockets.substr(sockets.find(':'));
}

foreign_backend::~foreign_backend() {
  if (program_) stop();
}

selftest::program_result foreign_backend::rollcall(const std::string& command, const std::vector<std::string>& more,
                                                   std::chrono::seconds limit) const {
  std::vector<std::string> words{std::string(ROLLCALL_BIN) + "/rollcall",
                                 command,
                                 "--target",
                                 target_,
                                 "--set",
                                 "base_url=" + api_,
                                 "--set",
                                 "socket.url=" + sockets_};
  words.insert(words.end(), more.begin(), more.end());
  return selftest::run_program(words, {}, limit);
}

selftest::program_result foreign_backend::stop() {
  program_->signal(SIGTERM);
  auto said = program_->finish(std::chrono::seconds(20));
  program_.reset();
  return said;
}

std::string foreign_backend::log() const {
  std::ifstream file(scratch_.path() + "/log");
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace conformance::targets_test

#include "harness/stack/stack.hpp"

#include "harness/stack/plan.hpp"
#include "harness/stack/programs.hpp"
#include "harness/stack/recipe.hpp"
#include "harness/stack/secret.hpp"
#include "harness/stack/supervision.hpp"

#include <algorithm>

namespace stack {
namespace fs = std::filesystem;
namespace json = boost::json;
namespace {
using namespace std::chrono_literals;
constexpr auto command_limit = 10s;
constexpr auto start_answer_limit = 25s;  // the supervisor's own is 20 s
constexpr auto end_limit = 20s;
constexpr int most_processes = 16;

std::string absolute(const std::optional<fs::path>& path) {
  return path ? fs::absolute(*path).string() : "";
}

start_result<plan> make_plan(const options& wanted, const fs::path& programs) {
  for (const auto& [name, count] : {std::pair{"api", wanted.api}, std::pair{"gateway", wanted.gateway}}) {
    if (count < 0 || count > most_processes) {
      return start_error{failure::usage, std::string(name) + ": " + std::to_string(count) +
                                             " processes asked for; 0 to " + std::to_string(most_processes) +
                                             " are possible"};
    }
  }
  if (!wanted.secret.empty() && wanted.secret.size() < shortest_secret) {
    return start_error{failure::usage, "the secret has " + std::to_string(wanted.secret.size()) +
                                           " bytes; the server takes none below " + std::to_string(shortest_secret)};
  }
  if (!wanted.stores && !wanted.replacement && wanted.api + wanted.gateway > 0) {
    return start_error{failure::usage,
                       "api and gateway need PostgreSQL and Redis; ask for them, or for no api and gateway"};
  }
  if (wanted.balancer && (wanted.replacement || std::min(wanted.api, wanted.gateway) < 1)) {
    return start_error{failure::usage, "a balancer needs an api and a gateway behind it"};
  }
  plan made;
  made.api = wanted.api;
  made.gateway = wanted.gateway;
  made.stores = wanted.stores;
  made.balancer = wanted.balancer;
  made.arguments = wanted.arguments;
  made.down = wanted.down;
  made.postgres_suffix = wanted.postgres_suffix;
  if (wanted.replacement) {
    // A relative path is the caller's, a bare name is looked for.
    const bool bare = wanted.replacement->string().find('/') == std::string::npos;
    made.replacement = bare ? wanted.replacement->string() : fs::absolute(*wanted.replacement).string();
  }
  made.replacement_arguments = wanted.replacement_arguments;
  made.data = absolute(wanted.data);
  made.logs = absolute(wanted.logs);
  made.programs = programs.string();
  made.deadline_ms = static_cast<int>(wanted.deadline.count());
  return made;
}

std::vector<client::part> parts_from(const json::object& line) {
  std::vector<client::part> all;
  for (const json::value& each : line.at("parts").as_array()) {
    client::part one;
    one.name = std::string(each.at("name").as_string());
    one.kind = static_cast<client::part_kind>(each.at("kind").as_int64());
    one.pid = static_cast<int>(each.at("pid").as_int64());
    one.address = std::string(each.at("address").as_string());
    one.admin = std::string(each.at("admin").as_string());
    one.paused = each.at("paused").as_bool();
    all.push_back(std::move(one));
  }
  return all;
}

}  // namespace

struct stack::state {
  supervision process;
  std::string secret;
  fs::path directory, logs;
  bool stores = false;
  bool replaced = false;
  bool balanced = false;
  std::vector<client::part> parts;
  std::int64_t last_id = 0;
  std::string failure;  // why it went down on its own

  std::vector<std::string> urls(client::part_kind kind, const std::string& scheme, const std::string& path) const {
    std::vector<std::string> all;
    for (const client::part& one : parts) {
      if (one.kind == kind) all.push_back(scheme + one.address + path);
    }
    return all;
  }
  // What is not an answer: the news of a death, or the end of the pipe.
  void take(const json::object& line) {
    if (line.contains("event") && line.at("event") == "died") failure = std::string(line.at("what").as_string());
  }
  void ended() {
    if (failure.empty()) failure = "the supervisor ended unexpectedly; see supervisor.log";
  }
  client::parts_result command(const char* verb, const std::vector<std::string>& names, std::chrono::seconds limit);
};

stack::stack(std::unique_ptr<state> own) noexcept : state_(std::move(own)) {}

stack::~stack() {
  shut_down();
}

start_result<std::unique_ptr<stack>> stack::start(const options& wanted) {
  const fs::path programs = wanted.programs.empty() ? own_folder() : fs::absolute(wanted.programs);
  const auto made = make_plan(wanted, programs);
  if (!made) return made.error();
  const auto program = find_ours(programs, "rollcall-stack");
  if (!program) return program.error();
  const std::string secret = wanted.secret.empty() && !wanted.data ? new_secret() : wanted.secret;
  auto begun = supervision::begin(*program, secret);
  if (!begun) return begun.error();

  auto own = std::make_unique<state>(state{
      std::move(*begun), secret, {}, {}, wanted.stores, wanted.replacement.has_value(), wanted.balancer, {}, 0, {}});
  own->process.say(to_json(*made));
  json::object line;
  // The supervisor keeps the deadline itself, for it can say which part was late; ours is for a supervisor that hangs.
  const auto limit = supervision::clock::now() + wanted.deadline + 2s;
  const supervision::heard heard = own->process.listen(line, limit, wanted.interrupt_fd);
  if (heard == supervision::heard::line && line.at("event") == "ready") {
    own->directory = std::string(line.at("directory").as_string());
    own->logs = std::string(line.at("logs").as_string());
    own->parts = parts_from(line);
    if (wanted.data && secret.empty()) own->secret = read_secret(fs::absolute(*wanted.data) / "secret");
    return std::unique_ptr<stack>(new stack(std::move(own)));
  }

  const bool gone = own->process.end(supervision::clock::now() + end_limit);
  if (heard == supervision::heard::line) {
    return start_error{static_cast<failure>(line.at("kind").as_int64()), std::string(line.at("what").as_string())};
  }
  if (heard == supervision::heard::interrupted) return start_error{failure::interrupted, "interrupted"};
  if (!gone) return start_error{failure::internal, "the supervisor neither started the stack nor ended"};
  return start_error{failure::internal, "the supervisor " + (own->process.manner_of_end().empty()
                                                                 ? std::string("ended before the stack was ready")
                                                                 : own->process.manner_of_end())};
}

bool stack::shut_down() {
  return state_->process.end(supervision::clock::now() + end_limit);
}

std::vector<std::string> stack::base_urls() const {
  return state_->urls(state_->balanced ? client::part_kind::balancer : client::part_kind::api, "http://", "");
}

std::vector<std::string> stack::direct_urls() const {
  return state_->urls(client::part_kind::api, "http://", "");
}

std::vector<std::string> stack::socket_urls() const {
  using enum client::part_kind;
  return state_->urls(state_->balanced ? balancer : state_->replaced ? api : gateway, "ws://", "/ws");
}

std::map<std::string, std::string> stack::admin_urls() const {
  std::map<std::string, std::string> all;
  for (const client::part& one : state_->parts) {
    if (!one.admin.empty()) all.emplace(one.name, "http://" + one.admin);
  }
  return all;
}

const std::string& stack::secret() const noexcept {
  return state_->secret;
}
const fs::path& stack::directory() const noexcept {
  return state_->directory;
}
const fs::path& stack::logs() const noexcept {
  return state_->logs;
}
int stack::supervisor_pid() const noexcept {
  return state_->process.pid();
}
int stack::event_fd() const noexcept {
  return state_->process.answers();
}

std::string stack::postgres_conninfo() const {
  return state_->stores ? ::stack::postgres_conninfo(state_->directory / "s") : "";
}
fs::path stack::redis_path() const {
  return state_->stores ? ::stack::redis_path(state_->directory / "s") : fs::path();
}

std::optional<std::string> stack::failed() {
  json::object line;
  supervision::heard heard = supervision::heard::line;
  while (state_->failure.empty() && heard == supervision::heard::line) {
    heard = state_->process.listen(line, supervision::clock::now());
    if (heard == supervision::heard::line) state_->take(line);
    if (heard == supervision::heard::end) state_->ended();
  }
  if (state_->failure.empty()) return std::nullopt;
  return state_->failure;
}

// One command for each name, sent together; done when all are answered.
client::parts_result stack::state::command(const char* verb, const std::vector<std::string>& names,
                                           std::chrono::seconds limit) {
  const std::int64_t before = last_id;
  const auto deadline = supervision::clock::now() + limit;
  for (const std::string& name : names) {
    process.say({{"id", ++last_id}, {"do", verb}, {"part", name}});  // a supervisor that has gone says so below
  }
  client::parts_result outcome;
  for (std::size_t answers = 0; answers < names.size();) {
    json::object line;
    switch (process.listen(line, deadline)) {
      case supervision::heard::line:
        break;
      case supervision::heard::end:
        ended();
        return client::parts_error{failure};
      default:
        return client::parts_error{names.front() + ": the supervisor did not " + verb + " it in " +
                                   std::to_string(limit.count()) + " s"};
    }
    take(line);
    const json::value* answered = line.if_contains("id");
    if (!answered || answered->as_int64() <= before) continue;
    ++answers;
    parts = parts_from(line);
    const json::value* error = line.if_contains("error");
    if (error && outcome) outcome = client::parts_error{std::string(error->as_string())};
  }
  return outcome;
}

std::vector<client::part> stack::list() const {
  return state_->parts;
}
client::parts_result stack::stop(std::string_view name) {
  return state_->command("stop", {std::string(name)}, command_limit);
}
client::parts_result stack::kill(std::string_view name) {
  return state_->command("kill", {std::string(name)}, command_limit);
}
client::parts_result stack::kill_together(const std::vector<std::string>& names) {
  return state_->command("kill", names, command_limit);
}
client::parts_result stack::pause(std::string_view name) {
  return state_->command("pause", {std::string(name)}, command_limit);
}
client::parts_result stack::resume(std::string_view name) {
  return state_->command("resume", {std::string(name)}, command_limit);
}
client::parts_result stack::start(std::string_view name) {
  return state_->command("start", {std::string(name)}, start_answer_limit);
}

}  // namespace stack

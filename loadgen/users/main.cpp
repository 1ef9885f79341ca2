// rollcall-users: one worker of a load run. Reads its plan, one line, from standard input and reports on file
// descriptor 3.
#include "harness/client/target/load.hpp"
#include "loadgen/users/worker.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <exception>
#include <memory>
#include <string>

namespace {

constexpr int reports_fd = 3;

// Byte by byte: what follows the plan is the worker's to read.
std::string read_line(int from) {
  std::string line;
  char c = 0;
  while (::read(from, &c, 1) == 1 && c != '\n') line += c;
  return line;
}

void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

int main() {
  ::signal(SIGPIPE, SIG_IGN);
  ::signal(SIGTERM, SIG_IGN);  // the runner says when to stop
  raise_descriptor_limit();
  try {
    const std::string text = read_line(STDIN_FILENO);
    if (text.empty()) {
      fmt::print(stderr, "rollcall-users is run by rollcall load and takes its plan from standard input\n");
      return 2;
    }
    auto plan = loadgen::plan_from_json(text);
    const auto target = client::parse_target(plan.target_text, plan.target_name, plan.overrides,
                                             client::process_environment(), plan.printed_users);
    if (!target) {
      fmt::print(stderr, "{}\n", client::to_string(target.error()));
      return 2;
    }
    loadgen::worker worker(std::move(plan), std::make_shared<const client::target>(*target), STDIN_FILENO, reports_fd);
    return worker.run() ? 0 : 1;
  } catch (const std::exception& error) {
    fmt::print(stderr, "rollcall-users: internal error: {}\n", error.what());
    return 70;
  }
}

// rollcall-stack: the supervisor of a private stack. Started by class stack, which speaks to it over standard input and
// output; of no use by hand.
#include "harness/stack/supervisor.hpp"

#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <exception>
#include <string_view>

namespace {

constexpr const char* help =
    "rollcall-stack: supervises the processes of a private stack (PostgreSQL, Redis, rollcall-api, rollcall-gateway).\n"
    "It is started by the other programs and takes its orders from a pipe; `rollcall up` is the command for people.\n"
    "\n"
    "  --help     this text\n"
    "  --version  the version\n";

// The parent may have blocked or ignored anything, and left descriptors open that are none of ours.
void start_clean() {
  ::close_range(3, ~0U, 0);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  for (const int number : {SIGTERM, SIGINT, SIGHUP, SIGCHLD}) ::signal(number, SIG_DFL);
  ::signal(SIGPIPE, SIG_IGN);
  ::setsid();
  // As many descriptors for the parts as we may give them: a socket each.
  rlimit descriptors{};
  if (::getrlimit(RLIMIT_NOFILE, &descriptors) == 0) {
    descriptors.rlim_cur = descriptors.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &descriptors);
  }
}

}  // namespace

int main(int count, char** arguments) {
  const std::string_view first = count > 1 ? arguments[1] : "";
  if (first == "--version") return std::puts("rollcall-stack " ROLLCALL_VERSION) < 0;
  if (first == "--help") return std::fputs(help, stdout) < 0;
  if (!first.empty() || ::isatty(STDIN_FILENO) == 1) {
    std::fputs("rollcall-stack: takes no arguments and no terminal; it is started by `rollcall up` and its like\n",
               stderr);
    return 2;
  }
  start_clean();
  try {
    return stack::supervisor(STDIN_FILENO, STDOUT_FILENO).run();
  } catch (const std::exception& fault) {
    std::fprintf(stderr, "rollcall-stack: internal fault: %s\n", fault.what());
    return 70;
  }
}

#include "harness/stack/process.hpp"

#include "harness/stack/descriptor.hpp"

#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <string_view>

namespace stack::process {
namespace {

std::vector<char*> pointers(const std::vector<std::string>& texts, const std::string* first = nullptr) {
  std::vector<char*> all;
  if (first) all.push_back(const_cast<char*>(first->c_str()));
  for (const auto& text : texts) all.push_back(const_cast<char*>(text.c_str()));
  all.push_back(nullptr);
  return all;
}

// In the child, between fork and exec. Returns only when something failed, with errno set.
void become(const program& what, pid_t parent, int log_fd, char* const* arguments, char* const* environment) {
  constexpr int out_of_the_way = 10;
  const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  const int log = ::fcntl(log_fd, F_DUPFD_CLOEXEC, out_of_the_way);
  const int ready = what.ready_fd < 0 ? -1 : ::fcntl(what.ready_fd, F_DUPFD_CLOEXEC, out_of_the_way);
  if (nothing < 0 || log < 0 || ::dup2(nothing, 0) < 0 || ::dup2(log, 1) < 0 || ::dup2(log, 2) < 0) return;
  if (ready >= 0 && ::dup2(ready, 3) < 0) return;

  if (what.run_as && what.run_as->switched) {
    if (::initgroups(what.run_as->name.c_str(), what.run_as->gid) != 0) return;
    if (::setgid(what.run_as->gid) != 0 || ::setuid(what.run_as->uid) != 0) return;
  }
  if (what.run_as) ::umask(077);
  if (!what.directory.empty() && ::chdir(what.directory.c_str()) != 0) return;

  // After setuid, which would clear it.
  ::prctl(PR_SET_PDEATHSIG, what.dies_with_us);
  if (::getppid() != parent) return;  // it died before the call above

  struct sigaction by_default {};
  by_default.sa_handler = SIG_DFL;
  for (int number = 1; number < NSIG; ++number) ::sigaction(number, &by_default, nullptr);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::execve(arguments[0], arguments, environment);
}

}  // namespace

start_result<pid_t> spawn(const program& what, int log_fd) {
  pipe_ends problem = make_pipe();
  if (!problem.reading.open()) return system_failure("pipe", errno);
  const std::string file = what.file.string();
  const std::vector<char*> arguments = pointers(what.arguments, &file);
  const std::vector<char*> environment = pointers(what.environment);

  const pid_t us = ::getpid();
  const pid_t child = ::fork();
  if (child < 0) return system_failure("fork", errno);
  if (child == 0) {
    become(what, us, log_fd, arguments.data(), environment.data());
    const int number = errno;
    [[maybe_unused]] const ssize_t sent = ::write(problem.writing.get(), &number, sizeof number);
    ::_exit(127);
  }
  problem.writing.close();
  int number = 0;
  ssize_t got = 0;
  do {
    got = ::read(problem.reading.get(), &number, sizeof number);  // ends at once: exec closes the other end
  } while (got < 0 && errno == EINTR);
  if (got == 0) return child;
  ::waitpid(child, nullptr, 0);
  return start_error{failure::missing_program, "cannot run " + file + ": " + std::strerror(number)};
}

std::vector<pid_t> children_of(pid_t parent) {
  std::vector<pid_t> found;
  const std::string own = std::to_string(parent);
  // Exact for us: the kernel may skip an entry only when another one is reaped meanwhile, and the parents asked about
  // are this process itself and stopped ones.
  std::ifstream quick("/proc/" + own + "/task/" + own + "/children");
  if (quick) {
    for (pid_t pid = 0; quick >> pid;) found.push_back(pid);
    return found;
  }
  // A kernel without CONFIG_PROC_CHILDREN.
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", ignored)) {
    const std::string name = entry.path().filename().string();
    pid_t pid = 0;
    const auto [end, problem] = std::from_chars(name.data(), name.data() + name.size(), pid);
    if (problem != std::errc{} || end != name.data() + name.size()) continue;
    std::ifstream file(entry.path() / "stat");
    std::string line;
    std::getline(file, line);
    const std::size_t after_name = line.rfind(") ");  // the name may hold spaces and brackets
    if (after_name == std::string::npos || after_name + 4 >= line.size()) continue;
    pid_t its_parent = 0;
    std::from_chars(line.data() + after_name + 4, line.data() + line.size(), its_parent);
    if (its_parent == parent) found.push_back(pid);
  }
  return found;
}

char state_of(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string line;
  std::getline(file, line);
  const std::size_t after_name = line.rfind(") ");
  return after_name == std::string::npos || after_name + 2 >= line.size() ? '\0' : line[after_name + 2];
}

std::string describe(int wait_status) {
  if (WIFSIGNALED(wait_status)) {
    const int number = WTERMSIG(wait_status);
    return "was ended by signal " + std::to_string(number) + " (" + ::strsignal(number) + ")";
  }
  return "exited with code " + std::to_string(WEXITSTATUS(wait_status));
}

std::vector<std::string> clean_environment() {
  std::vector<std::string> kept;
  for (char** entry = environ; *entry; ++entry) {
    const std::string_view text = *entry;
    const bool misleading = text.starts_with("PG") || text.starts_with("REDIS") || text.starts_with("ROLLCALL_") ||
                            text.starts_with("LC_") || text.starts_with("LANG=") || text.starts_with("LANGUAGE=");
    if (!misleading) kept.emplace_back(text);
  }
  kept.emplace_back("LC_ALL=C.UTF-8");
  return kept;
}

}  // namespace stack::process

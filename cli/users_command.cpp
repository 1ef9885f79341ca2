#include "cli/users_command.hpp"

#include "cli/command_error.hpp"
#include "harness/client/target/place.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <vector>

namespace cli {

namespace {

constexpr std::size_t most_bytes = 64U << 20U;

std::string place_of(const target_choice& choice) {
  const int line = client::line_of(choice.text, "users.command");
  return line == 0 ? "users.command" : fmt::format("{}:{} users.command", choice.name, line);
}

/// Started in a process group of its own, with the read end of its output. Killed and reaped when it goes.
class child {
 public:
  child(const std::string& folder, std::vector<std::string> words) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
    out_ = ends[0];
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files, ends[1], STDOUT_FILENO);
    if (!folder.empty()) posix_spawn_file_actions_addchdir_np(&files, folder.c_str());
    posix_spawnattr_t how;
    posix_spawnattr_init(&how);
    sigset_t set;
    sigemptyset(&set);
    posix_spawnattr_setsigmask(&how, &set);  // ours blocks what interrupts us
    sigaddset(&set, SIGPIPE);
    posix_spawnattr_setsigdefault(&how, &set);
    posix_spawnattr_setflags(&how, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    const int error = ::posix_spawnp(&pid_, arguments[0], &files, &how, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&how);
    ::close(ends[1]);
    if (error == 0) return;
    ::close(out_);
    throw std::system_error(error, std::generic_category(), words[0]);
  }
  ~child() {
    ::close(out_);
    if (pid_ <= 0) return;
    ::kill(-pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  child(const child&) = delete;
  child& operator=(const child&) = delete;

  int out() const { return out_; }

  /// After its output has ended; nothing when it still runs at the deadline.
  std::optional<int> status(std::chrono::steady_clock::time_point deadline) {
    int status = 0;
    while (::waitpid(pid_, &status, WNOHANG) == 0) {
      if (std::chrono::steady_clock::now() >= deadline) return std::nullopt;
      ::poll(nullptr, 0, 5);
    }
    pid_ = -1;
    return status;
  }

 private:
  pid_t pid_ = -1;
  int out_ = -1;
};

}  // namespace

void add_allow_commands(CLI::App& command, bool& allowed) {
  command.add_flag("--allow-commands", allowed, "Let the target file run the program that prints its users");
}

void insist_on_leave(const target_choice& choice, const client::target& target, bool allowed) {
  if (!target.users.wants_command() || allowed) return;
  throw usage_error(
      fmt::format("{} would run {}; --allow-commands lets it", place_of(choice), fmt::join(target.users.command, " ")));
}

std::optional<std::string> printed_users(const target_choice& choice, const client::target& target,
                                         const interruption& interrupt, std::chrono::milliseconds limit) {
  if (!target.users.wants_command()) return std::nullopt;
  using clock = std::chrono::steady_clock;
  const auto deadline = clock::now() + limit;
  const std::string folder = std::filesystem::path(choice.name).parent_path().string();
  const auto failed = [&](const std::string& why) { return usage_error(fmt::format("{} {}", place_of(choice), why)); };
  std::string printed;
  try {
    child running(folder, target.users.command);
    std::array<pollfd, 2> watched{{{running.out(), POLLIN, 0}, {interrupt.fd(), POLLIN, 0}}};
    for (;;) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - clock::now()).count();
      if (left <= 0) throw failed(fmt::format("did not end in {} ms; it was killed", limit.count()));
      if (::poll(watched.data(), watched.size(), static_cast<int>(left)) <= 0) continue;
      if ((watched[1].revents & POLLIN) != 0) {
        throw command_error(interrupt.take(), "interrupted while the command of the target file ran");
      }
      std::array<char, 65'536> some{};
      const ssize_t n = ::read(running.out(), some.data(), some.size());
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) break;
      printed.append(some.data(), static_cast<std::size_t>(n));
      if (printed.size() > most_bytes) throw failed("prints more than 64 MiB");
    }
    const auto status = running.status(deadline);
    if (!status) throw failed(fmt::format("did not end in {} ms; it was killed", limit.count()));
    if (WIFSIGNALED(*status)) throw failed(fmt::format("was ended by signal {}", WTERMSIG(*status)));
    if (WEXITSTATUS(*status) != 0) throw failed(fmt::format("ended with {}", WEXITSTATUS(*status)));
  } catch (const std::system_error& error) {
    throw failed(fmt::format("cannot be started: {}: {}", target.users.command.front(), error.code().message()));
  }
  return printed;
}

}  // namespace cli

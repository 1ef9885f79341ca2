#include "harness/worker/process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/buffer.hpp>

#include <system_error>
#include <utility>

namespace worker {

namespace asio = boost::asio;

namespace {

struct pipe_ends {
  int read = -1;
  int write = -1;
};

pipe_ends make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe for a worker");
  return {ends[0], ends[1]};
}

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> all;
  for (auto& word : words) all.push_back(word.data());
  all.push_back(nullptr);
  return all;
}

/// In the child, between fork and exec: only async-signal-safe calls.
[[noreturn]] void become(const char* path, char* const* arguments, char* const* environment, int input, int reports,
                         int log, pid_t parent) {
  ::setpgid(0, 0);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);  // the runner may have blocked what stop() sends
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(127);  // the runner died before prctl
  ::dup2(input, STDIN_FILENO);
  ::dup2(log, STDOUT_FILENO);
  ::dup2(log, STDERR_FILENO);
  if (reports == reports_fd) {
    ::fcntl(reports, F_SETFD, 0);
  } else {
    ::dup2(reports, reports_fd);
  }
  ::execve(path, arguments, environment);
  ::_exit(127);
}

}  // namespace

std::string ending::clause(std::chrono::milliseconds silence) const {
  if (silenced) return fmt::format("was silent for {} s and was killed", silence.count() / 1000);
  if (signal != 0) return fmt::format("was killed by signal {}", signal);
  return fmt::format("exited with {}", code);
}

process::process(asio::io_context& io, program what, listener to)
    : what_(std::move(what)), to_(std::move(to)), reports_(io), silence_timer_(io) {}

process::~process() {
  if (input_ >= 0) ::close(input_);
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
}

void process::start() {
  const pipe_ends input = make_pipe();
  const pipe_ends reports = make_pipe();
  const int log = ::open(what_.log_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (log < 0) throw std::system_error(errno, std::generic_category(), "log of a worker: " + what_.log_file);

  std::vector<std::string> words{what_.path.string()};
  words.insert(words.end(), what_.arguments.begin(), what_.arguments.end());
  std::vector<std::string> variables;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string_view text(*variable);
    if (what_.without_variables.empty() || !text.starts_with(what_.without_variables)) variables.emplace_back(text);
  }
  variables.insert(variables.end(), what_.variables.begin(), what_.variables.end());
  const auto arguments = pointers(words);
  const auto environment = pointers(variables);

  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child == 0) {
    become(words[0].c_str(), arguments.data(), environment.data(), input.read, reports.write, log, parent);
  }
  const int fork_error = errno;
  ::close(input.read);
  ::close(reports.write);
  ::close(log);
  reports_.assign(reports.read);
  input_ = input.write;
  if (child < 0) throw std::system_error(fork_error, std::generic_category(), "starting a worker");
  pid_ = child;

  // A plan may be larger than a pipe holds; the worker reads it before anything else.
  write(what_.plan);
  what_.plan.clear();
  if (what_.ends_input) ::close(std::exchange(input_, -1));
  watch_silence();
  read();
}

void process::tell(std::string_view line) {
  write(std::string(line) + "\n");
}

void process::stop() const {
  if (pid_ > 0) ::kill(pid_, SIGTERM);
}

void process::kill() const {
  if (pid_ > 0) ::kill(pid_, SIGKILL);
}

void process::write(std::string_view text) {
  while (!text.empty() && input_ >= 0) {
    const ssize_t n = ::write(input_, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return;  // it is gone: its reports end, too
    text.remove_prefix(static_cast<std::size_t>(n));
  }
}

void process::read() {
  reports_.async_read_some(asio::buffer(chunk_), [this](boost::system::error_code error, std::size_t n) {
    if (error) {
      if (error != asio::error::operation_aborted) reap();
      return;
    }
    buffer_.append(chunk_.data(), n);
    take_lines();
    watch_silence();
    read();
  });
}

void process::take_lines() {
  std::size_t begin = 0;
  for (std::size_t end; (end = buffer_.find('\n', begin)) != std::string::npos; begin = end + 1) {
    to_.on_line(std::string_view(buffer_).substr(begin, end - begin));
  }
  buffer_.erase(0, begin);
}

void process::watch_silence() {
  silence_timer_.expires_after(what_.silence);
  silence_timer_.async_wait([this](boost::system::error_code error) {
    if (error) return;
    silenced_ = true;
    kill();
  });
}

void process::reap() {
  silence_timer_.cancel();
  // Its reports have ended: it is gone, or about to be. One that only closed them is of no more use.
  int status = 0;
  pid_t got = 0;
  for (int i = 0; i < 200 && (got = ::waitpid(pid_, &status, WNOHANG)) == 0; ++i) ::usleep(10'000);
  if (got == 0) {
    kill();
    ::waitpid(pid_, &status, 0);
  }
  pid_ = -1;
  ending how{.silenced = silenced_, .signal = 0, .code = 0};
  if (WIFSIGNALED(status)) {
    how.signal = WTERMSIG(status);
  } else {
    how.code = WEXITSTATUS(status);
  }
  to_.on_end(how);
}

}  // namespace worker

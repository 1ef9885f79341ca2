#include "conformance/runner/worker.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/buffer.hpp>

#include <system_error>

namespace conformance {

namespace asio = boost::asio;

namespace {

constexpr int records_fd = 3;

struct pipe_ends {
  int read = -1;
  int write = -1;
};

pipe_ends make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe for a worker");
  return {ends[0], ends[1]};
}

std::string gtest_filter(const std::vector<std::string>& cases) {
  // GoogleTest names hold no '-' or '[': RT-01 is RT.01, AUTH-02[wrong-key] is AUTH.02_wrong_key.
  std::string filter = "--gtest_filter=";
  for (std::string id : cases) {
    id.replace(id.find('-'), 1, ".");
    for (char& c : id) {
      if (c == '[' || c == '-') c = '_';
    }
    std::erase(id, ']');
    filter += id + ":";
  }
  return filter;
}

/// In the child, between fork and exec: only async-signal-safe calls.
[[noreturn]] void become_worker(const char* program, char* const* arguments, char* const* environment, int plan,
                                int records, int log, pid_t parent) {
  ::setpgid(0, 0);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);  // the runner may have blocked what stop() sends
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(127);  // the runner died before prctl
  ::dup2(plan, STDIN_FILENO);
  ::dup2(log, STDOUT_FILENO);
  ::dup2(log, STDERR_FILENO);
  if (records == records_fd) {
    ::fcntl(records, F_SETFD, 0);
  } else {
    ::dup2(records, records_fd);
  }
  ::execve(program, arguments, environment);
  ::_exit(127);
}

}  // namespace

worker::worker(asio::io_context& io, worker_plan plan, std::chrono::milliseconds silence, listener to)
    : plan_(std::move(plan)), silence_(silence), to_(std::move(to)), records_(io), silence_timer_(io) {}

worker::~worker() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
}

void worker::start(const std::filesystem::path& program) {
  const pipe_ends plan = make_pipe();
  const pipe_ends records = make_pipe();
  const int log = ::open(plan_.log_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (log < 0) throw std::system_error(errno, std::generic_category(), "log of a worker: " + plan_.log_file);

  std::vector<std::string> words{program.string(), gtest_filter(plan_.cases), "--gtest_color=no"};
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);

  std::vector<std::string> variables{fmt::format("GTEST_TOTAL_SHARDS={}", plan_.shards),
                                     fmt::format("GTEST_SHARD_INDEX={}", plan_.shard)};
  std::vector<char*> environment;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    if (std::string_view(*variable).starts_with("GTEST_")) continue;  // the user's own must not change verdicts
    environment.push_back(*variable);
  }
  for (auto& variable : variables) environment.push_back(variable.data());
  environment.push_back(nullptr);

  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child == 0) {
    become_worker(words[0].c_str(), arguments.data(), environment.data(), plan.read, records.write, log, parent);
  }
  const int fork_error = errno;
  ::close(plan.read);
  ::close(records.write);
  ::close(log);
  records_.assign(records.read);
  if (child < 0) {
    ::close(plan.write);
    throw std::system_error(fork_error, std::generic_category(), "starting a worker");
  }
  pid_ = child;

  // A plan may be larger than a pipe holds; the worker reads it before anything else, and a dead one gives EPIPE.
  const std::string text = to_json(plan_);
  for (std::size_t written = 0; written < text.size();) {
    const ssize_t n = ::write(plan.write, text.data() + written, text.size() - written);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    written += static_cast<std::size_t>(n);
  }
  ::close(plan.write);
  watch_silence();
  read();
}

void worker::stop() {
  if (pid_ > 0) ::kill(pid_, SIGTERM);
}

void worker::kill() {
  if (pid_ > 0) ::kill(pid_, SIGKILL);
}

void worker::read() {
  records_.async_read_some(asio::buffer(chunk_), [this](boost::system::error_code error, std::size_t n) {
    if (error) {
      reap();
      return;
    }
    buffer_.append(chunk_.data(), n);
    take_lines();
    watch_silence();
    read();
  });
}

void worker::take_lines() {
  std::size_t begin = 0;
  for (std::size_t end; (end = buffer_.find('\n', begin)) != std::string::npos; begin = end + 1) {
    const std::string_view line = std::string_view(buffer_).substr(begin, end - begin);
    if (const case_record* ended = record_.take(line)) to_.on_case(*ended);
  }
  buffer_.erase(0, begin);
}

void worker::watch_silence() {
  silence_timer_.expires_after(silence_);
  silence_timer_.async_wait([this](boost::system::error_code error) {
    if (error) return;
    silenced_ = true;
    kill();
  });
}

void worker::reap() {
  silence_timer_.cancel();
  int status = 0;
  ::kill(pid_, record_.done ? 0 : SIGKILL);  // it closed its records: it is gone, or of no more use
  ::waitpid(pid_, &status, 0);
  pid_ = -1;
  if (record_.done) {
    end_reason_.clear();
  } else if (silenced_) {
    end_reason_ = fmt::format("was silent for {} s and was killed", silence_.count() / 1000);
  } else if (WIFSIGNALED(status)) {
    end_reason_ = fmt::format("was killed by signal {}", WTERMSIG(status));
  } else {
    end_reason_ = fmt::format("exited with {} before it was done", WEXITSTATUS(status));
  }
  to_.on_exit();
}

}  // namespace conformance

#include "conformance/selftest/run_program.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/json.hpp>

#include <array>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace conformance::selftest {

namespace {

using clock = std::chrono::steady_clock;

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> all;
  for (auto& word : words) all.push_back(word.data());
  all.push_back(nullptr);
  return all;
}

std::vector<std::string> environment_with(const std::map<std::string, std::string>& variables) {
  std::vector<std::string> all;
  for (char** each = environ; *each != nullptr; ++each) {
    const std::string text = *each;
    if (!variables.contains(text.substr(0, text.find('=')))) all.push_back(text);
  }
  for (const auto& [name, value] : variables) {
    if (!value.empty()) all.push_back(name + "=" + value);
  }
  return all;
}

}  // namespace

running_program::running_program(const std::vector<std::string>& words,
                                 const std::map<std::string, std::string>& variables) {
  int out[2];
  int err[2];
  if (::pipe2(out, O_CLOEXEC) != 0 || ::pipe2(err, O_CLOEXEC) != 0) throw std::runtime_error("pipe");
  std::vector<std::string> own_words = words;
  std::vector<std::string> own_environment = environment_with(variables);
  const auto arguments = pointers(own_words);
  const auto environment = pointers(own_environment);
  pid_ = ::fork();
  if (pid_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int nothing = ::open("/dev/null", O_RDONLY);
    ::dup2(nothing, STDIN_FILENO);
    ::dup2(out[1], STDOUT_FILENO);
    ::dup2(err[1], STDERR_FILENO);
    ::execve(arguments[0], arguments.data(), environment.data());
    ::_exit(127);
  }
  ::close(out[1]);
  ::close(err[1]);
  out_ = out[0];
  err_ = err[0];
}

running_program::~running_program() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  if (out_ >= 0) ::close(out_);
  if (err_ >= 0) ::close(err_);
}

void running_program::signal(int number) const {
  if (pid_ > 0) ::kill(pid_, number);
}

bool running_program::read_some(std::chrono::milliseconds limit) {
  std::array<pollfd, 2> waiting{pollfd{out_, POLLIN, 0}, pollfd{err_, POLLIN, 0}};
  if (::poll(waiting.data(), waiting.size(), static_cast<int>(limit.count())) <= 0) return true;
  for (auto& each : waiting) {
    if (each.fd < 0 || each.revents == 0) continue;
    std::array<char, 4096> chunk;
    const ssize_t n = ::read(each.fd, chunk.data(), chunk.size());
    auto& into = each.fd == out_ ? result_.out : result_.err;
    if (n > 0) {
      into.append(chunk.data(), static_cast<std::size_t>(n));
    } else {
      ::close(each.fd);
      (each.fd == out_ ? out_ : err_) = -1;
    }
  }
  return out_ >= 0 || err_ >= 0;
}

bool running_program::wait_for(const std::string& text, std::chrono::seconds limit) {
  const auto deadline = clock::now() + limit;
  const auto seen = [&] {
    return result_.out.find(text) != std::string::npos || result_.err.find(text) != std::string::npos;
  };
  while (!seen() && clock::now() < deadline) {
    if (!read_some(std::chrono::milliseconds(100))) break;
  }
  return seen();
}

program_result running_program::finish(std::chrono::seconds limit) {
  const auto deadline = clock::now() + limit;
  while (read_some(std::chrono::milliseconds(100))) {
    if (clock::now() < deadline) continue;
    result_.timed_out = true;
    ::kill(pid_, SIGKILL);
    break;
  }
  int status = 0;
  ::waitpid(pid_, &status, 0);
  pid_ = -1;
  result_.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return result_;
}

program_result run_program(const std::vector<std::string>& words, const std::map<std::string, std::string>& variables,
                           std::chrono::seconds limit) {
  return running_program(words, variables).finish(limit);
}

faulty_backend::faulty_backend(const std::vector<std::string>& flags) {
  int ready[2];
  if (::pipe2(ready, O_CLOEXEC) != 0) throw std::runtime_error("pipe");  // tests start several at once
  std::vector<std::string> words{std::string(ROLLCALL_BIN) + "/rollcall-faulty", "--listen", "127.0.0.1:0",
                                 "--ready-fd", std::to_string(ready[1])};
  words.insert(words.end(), flags.begin(), flags.end());
  std::vector<std::string> variables = environment_with({{"ROLLCALL_SECRET", secret}});
  const auto arguments = pointers(words);
  const auto environment = pointers(variables);
  pid_ = ::fork();
  if (pid_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::fcntl(ready[1], F_SETFD, 0);
    ::execve(arguments[0], arguments.data(), environment.data());
    ::_exit(127);
  }
  ::close(ready[1]);
  std::string line;
  std::array<char, 512> chunk;
  for (ssize_t n; (n = ::read(ready[0], chunk.data(), chunk.size())) > 0;)
    line.append(chunk.data(), static_cast<std::size_t>(n));
  ::close(ready[0]);
  boost::system::error_code error;
  const auto said = boost::json::parse(line, error);
  if (error) throw std::runtime_error("rollcall-faulty did not get ready: " + line);
  address_ = said.at("listen").as_string().c_str();
}

faulty_backend::~faulty_backend() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

std::string faulty_backend::write_target(const std::string& folder, const std::string& more) const {
  const std::string path = folder + "/target.yaml";
  std::ofstream(path) << "schema: 1\nname: faulty\nbase_url: http://" << address_ << "\nsocket: { url: ws://"
                      << address_ << "/ws, kind: websocket }\nlogin: { jwt: { secret: " << secret << ", ttl: 1h } }\n"
                      << more;
  return path;
}

scratch_folder::scratch_folder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "rollcall-test-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp");
  path_ = pattern;
}

scratch_folder::~scratch_folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace conformance::selftest

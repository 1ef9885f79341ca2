#include "conformance/selftest/faulty/test/running.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <ctime>
#include <fstream>
#include <stdexcept>

namespace faulty::test {
namespace {

constexpr int patience_ms = 10'000;

std::string base64url(std::string_view bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  while (text.ends_with('=')) text.pop_back();
  for (char& c : text) c = c == '+' ? '-' : c == '/' ? '_' : c;
  return text;
}

// Starts the program with `output` as its stdout and stderr (-1: ours); other descriptors of ours stay behind, but
// for `kept`.
pid_t start(const std::vector<std::string>& flags, int kept, int output, bool with_secret) {
  std::vector<std::string> words{std::string(ROLLCALL_BIN) + "/rollcall-faulty"};
  words.insert(words.end(), flags.begin(), flags.end());
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  with_secret ? ::setenv("ROLLCALL_SECRET", secret.c_str(), 1) : ::unsetenv("ROLLCALL_SECRET");
  const pid_t pid = ::fork();
  if (pid != 0) return pid;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // also when the test is killed
  if (kept >= 0) ::fcntl(kept, F_SETFD, 0);
  if (output >= 0) {
    ::dup2(output, 1);
    ::dup2(output, 2);
  }
  ::execv(argv[0], argv.data());
  ::_exit(127);
}

// Reads to the end of the stream, or to the first line end when `line`.
std::string read_all(int descriptor, bool line) {
  std::string text;
  char bytes[4096];
  pollfd waiting{descriptor, POLLIN, 0};
  while (!(line && text.ends_with('\n')) && ::poll(&waiting, 1, patience_ms) == 1) {
    const auto got = ::read(descriptor, bytes, sizeof bytes);
    if (got <= 0) break;
    text.append(bytes, static_cast<std::size_t>(got));
  }
  ::close(descriptor);
  return text;
}

int exit_code(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

std::int64_t from_now(std::int64_t seconds) {
  return static_cast<std::int64_t>(std::time(nullptr)) + seconds;
}

std::string token_of(const std::string& claims, const std::string& key, const std::string& header) {
  const std::string text = base64url(header) + '.' + base64url(claims);
  unsigned char mac[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()),
       text.size(), mac, &size);
  return text + '.' + base64url({reinterpret_cast<const char*>(mac), size});
}

std::string token_for(const std::string& user, std::int64_t lives_s) {
  return token_of(fmt::format(R"({{"sub":"{}","exp":{}}})", user, from_now(lives_s)));
}

Running::Running(std::vector<std::string> flags) {
  char name[] = "/tmp/rollcall-faulty-log-XXXXXX";
  ::close(::mkstemp(name));
  log_path_ = name;
  int ready[2];
  if (::pipe2(ready, O_CLOEXEC) != 0) throw std::runtime_error("pipe");
  flags.insert(flags.end(), {"--ready-fd", std::to_string(ready[1]), "--log", log_path_});
  pid_ = start(flags, ready[1], -1, true);
  ::close(ready[1]);
  const std::string line = read_all(ready[0], true);
  if (line.empty()) throw std::runtime_error("rollcall-faulty did not come up");
  const std::string listen(std::string_view(boost::json::parse(line).at("listen").as_string()));
  port_ = static_cast<std::uint16_t>(std::stoi(listen.substr(listen.rfind(':') + 1)));
}

Running::~Running() {
  if (pid_ > 0) {
    terminate();
    wait();
  }
  ::unlink(log_path_.c_str());
}

void Running::terminate() {
  ::kill(pid_, SIGTERM);
}

int Running::wait() {
  int status = 0;
  for (int tries = 0; ::waitpid(pid_, &status, WNOHANG) == 0; ++tries) {
    if (tries == 500) ::kill(pid_, SIGKILL);
    ::usleep(10'000);
  }
  pid_ = -1;
  return exit_code(status);
}

Response Running::call(const std::string& method, const std::string& path, const std::string& token,
                       const std::string& body, const std::string& headers) {
  Connection connection(port_);
  std::string text = fmt::format("{} {} HTTP/1.1\r\nHost: faulty\r\nConnection: close\r\n", method, path);
  if (!token.empty()) text += "Authorization: Bearer " + token + "\r\n";
  if (!body.empty()) text += fmt::format("Content-Type: application/json\r\nContent-Length: {}\r\n", body.size());
  connection.send(text + headers + "\r\n" + body);
  return read_response(connection, method == "HEAD");
}

boost::json::value Running::as(const std::string& user, int status, const std::string& method, const std::string& path,
                               const std::string& body) {
  const Response response = call(method, path, token_for(user), body);
  EXPECT_EQ(response.status, status) << method << ' ' << path << " as " << user << ": " << response.body;
  return boost::json::parse(response.body);
}

std::int64_t Running::chat(const std::string& creator, const std::string& peer) {
  return as(creator, 201, "POST", "/api/v1/chats/", R"({"participant":")" + peer + R"("})").at("id").as_int64();
}

std::int64_t Running::post(std::int64_t chat, const std::string& sender, const std::string& body) {
  const auto text = boost::json::serialize(boost::json::object{{"body", body}});
  return as(sender, 201, "POST", fmt::format("/api/v1/chats/{}/messages/", chat), text).at("id").as_int64();
}

std::vector<std::int64_t> Running::history(std::int64_t chat, const std::string& user, int limit) {
  std::vector<std::int64_t> ids;
  std::string path = fmt::format("/api/v1/chats/{}/messages/?limit={}&after=0", chat, limit);
  for (int pages = 0; pages < 1000; ++pages) {
    const auto page = as(user, 200, "GET", path);
    for (const auto& row : page.at("results").as_array()) ids.push_back(row.at("id").as_int64());
    if (page.at("next").is_null()) return ids;
    path = std::string(std::string_view(page.at("next").as_string()));
  }
  throw std::runtime_error("the walk through the history does not end");
}

WebSocketClient Running::socket(const std::string& user, std::int64_t lives_s) {
  WebSocketClient client(port_, token_for(user, lives_s));
  EXPECT_EQ(client.answer().status, 101);
  EXPECT_EQ(client.text(), R"({"event":"ready","data":{"user":")" + user + R"("}})");
  return client;
}

std::vector<boost::json::object> Running::log() const {
  std::vector<boost::json::object> lines;
  std::ifstream file(log_path_);
  for (std::string line; std::getline(file, line);) lines.push_back(boost::json::parse(line).as_object());
  return lines;
}

std::pair<int, std::string> run_to_end(const std::vector<std::string>& flags, bool with_secret) {
  int output[2];
  if (::pipe2(output, O_CLOEXEC) != 0) throw std::runtime_error("pipe");
  const pid_t pid = start(flags, -1, output[1], with_secret);
  ::close(output[1]);
  const std::string text = read_all(output[0], false);
  int status = 0;
  ::waitpid(pid, &status, 0);
  return {exit_code(status), text};
}

std::int64_t id_of(const std::string& text) {
  const auto frame = boost::json::parse(text);
  if (frame.at("event").as_string() != "message") throw std::runtime_error("expected a message: " + text);
  return frame.at("data").at("id").as_int64();
}

std::vector<std::int64_t> ids_of(const std::vector<std::string>& texts) {
  std::vector<std::int64_t> ids;
  for (const auto& text : texts) ids.push_back(id_of(text));
  return ids;
}

}  // namespace faulty::test

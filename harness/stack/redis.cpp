#include "harness/stack/recipe.hpp"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace stack {
namespace fs = std::filesystem;
namespace {

class redis final : public recipe {
 public:
  redis(const account& who, fs::path program, fs::path folder, fs::path sockets, std::vector<std::string> more)
      : who_(who),
        program_(std::move(program)),
        folder_(std::move(folder)),
        socket_(redis_path(sockets)),
        more_(std::move(more)) {}

  start_result<process::program> main_program() override {
    process::program run;
    run.file = program_;
    run.arguments = {"--port",
                     "0",
                     "--unixsocket",
                     socket_.string(),
                     "--unixsocketperm",
                     "700",
                     "--save",
                     "",
                     "--appendonly",
                     "no",
                     "--daemonize",
                     "no",
                     "--dir",
                     folder_.string(),
                     "--client-output-buffer-limit",
                     "pubsub",
                     "32mb",
                     "8mb",
                     "60"};
    run.arguments.insert(run.arguments.end(), more_.begin(), more_.end());
    run.environment = process::clean_environment();
    run.run_as = &who_;
    run.directory = folder_;
    return run;
  }

  // Listening is not enough: the first answer is.
  bool ready(pid_t) override {
    descriptor link(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string path = socket_.string();
    std::memcpy(address.sun_path, path.data(), std::min(path.size(), sizeof address.sun_path - 1));
    if (::connect(link.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return false;
    const timeval patience{0, 50'000};
    ::setsockopt(link.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    std::array<char, 16> answer{};
    return ::send(link.get(), "PING\r\n", 6, MSG_NOSIGNAL) == 6 &&
           ::recv(link.get(), answer.data(), answer.size(), 0) > 0 && answer[0] == '+';
  }

  std::string address() const override { return socket_.string(); }

 private:
  const account& who_;
  fs::path program_, folder_, socket_;
  std::vector<std::string> more_;
};

}  // namespace

std::unique_ptr<recipe> make_redis(const account& who, const fs::path& program, const fs::path& folder,
                                   const fs::path& sockets, std::vector<std::string> more) {
  return std::make_unique<redis>(who, program, folder, sockets, std::move(more));
}

fs::path redis_path(const fs::path& sockets) {
  return sockets / "redis";
}

}  // namespace stack

// Two gateways on one port (SO_REUSEPORT): both get sockets, polling is refused there, and who is full gets no more.
#include "reference-server/test/gateway_fixture_test.hpp"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

namespace gateway_test {
namespace {
using testing::HasSubstr;

// A port that stays ours: bound as the gateways bind it, and never listening.
class reserved_port {
 public:
  reserved_port() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const int yes = 1;
    ::setsockopt(socket_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    ::setsockopt(socket_, SOL_SOCKET, SO_REUSEPORT, &yes, sizeof yes);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    if (::bind(socket_, reinterpret_cast<const sockaddr*>(&address), length) != 0 ||
        ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &length) != 0) {
      throw std::runtime_error("no port");
    }
    number_ = ntohs(address.sin_port);
  }
  ~reserved_port() { ::close(socket_); }
  reserved_port(const reserved_port&) = delete;
  reserved_port& operator=(const reserved_port&) = delete;
  std::uint16_t number() const { return number_; }
  std::string address() const { return "127.0.0.1:" + std::to_string(number_); }

 private:
  int socket_;
  std::uint16_t number_ = 0;
};

struct SharedPort : testing::Test {
  temporary_directory directory;
  private_redis redis{directory};
  reserved_port port;
  static constexpr std::uint64_t room = 5;
  running_gateway one{directory,
                      redis.socket(),
                      {"--name", "g1", "--shared-listen", port.address(), "--max-sockets", std::to_string(room)}};
  running_gateway other{directory, redis.socket(), {"--name", "g2", "--shared-listen", port.address()}};
  std::vector<std::unique_ptr<client>> open;

  // So many ready sockets through the shared port, one after another.
  void connect(int count) {
    for (int i = 0; i < count; ++i) {
      open.push_back(std::make_unique<client>(port.number(), "/ws",
                                              upgrade + "Authorization: Bearer " + one.token("bob") + "\r\n"));
      ASSERT_EQ(open.back()->status(), 101) << open.back()->head();
      ASSERT_THAT(open.back()->next().payload, HasSubstr("ready"));
    }
  }
};

TEST_F(SharedPort, IsSharedUntilOneIsFullAndAgainWhenItHasRoom) {
  for (int round = 0; round < 2; ++round) {
    // 64 sockets that all go to one of two listeners: once in 2^64 runs.
    connect(64);
    EXPECT_EQ(one.metric("sockets"), room);
    EXPECT_EQ(one.metric("shared_port_open"), 0u);
    EXPECT_EQ(other.metric("sockets"), 64 - room);
    EXPECT_EQ(other.metric("shared_port_open"), 1u);
    EXPECT_EQ(redis({"PUBLISH", "chat:user:bob", "m" + std::to_string(round)}), "2");
    for (const auto& each : open) EXPECT_EQ(each->next().payload, message_frame(std::to_string(round)));
    EXPECT_EQ(one.ready("bob") != nullptr, true) << "its own port has room";
    for (const auto& each : open) each->close();
    open.clear();
    EXPECT_TRUE(eventually([&] { return one.metric("shared_port_open") == 1 && other.metric("sockets") == 0; }));
  }
}

TEST_F(SharedPort, IsForWebSocketsOnly) {
  const auto body_of = [&](std::uint16_t at, const std::string& query, const std::string& headers) {
    client asked(at, "/socket.io/?EIO=4" + query, headers + "Connection: close\r\n");
    return std::to_string(asked.status()) + " " + asked.text_to_end();
  };
  EXPECT_EQ(body_of(port.number(), "&transport=polling", ""), R"(400 {"code":0,"message":"Transport unknown"})");
  EXPECT_EQ(body_of(port.number(), "&transport=polling&sid=g1-x", ""),
            R"(400 {"code":0,"message":"Transport unknown"})");
  EXPECT_EQ(body_of(port.number(), "", ""), R"(400 {"code":0,"message":"Transport unknown"})");
  client upgrading(port.number(), "/socket.io/?EIO=4&transport=websocket&sid=g1-x", upgrade);
  EXPECT_EQ(upgrading.status(), 400);
  client opened(port.number(), "/socket.io/?EIO=4&transport=websocket", upgrade);
  ASSERT_EQ(opened.status(), 101);
  EXPECT_THAT(opened.next().payload, HasSubstr(R"("upgrades":[])"));
  EXPECT_THAT(body_of(one.port(), "&transport=polling", ""), HasSubstr(R"("upgrades":["websocket"])"));
}

}  // namespace
}  // namespace gateway_test

// One message for each of many sockets in one turn of the loop, by the router, the encoder and the sockets of the
// gateway, beside a loop that does no more than send() the finished frame. Real loopback connections; a thread drains
// them, so compare CPU time, which Google Benchmark takes of this thread alone. items_per_second is per CPU-second.
#include "reference-server/gateway/router.hpp"
#include "reference-server/gateway/sockets.hpp"

#include <benchmark/benchmark.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;

const std::string message =
    R"({"id":12345,"chat_id":77,"sender":"rc-1-0001","recipient":"rc-1-0002","body":"how are you?",)"
    R"("created_at":"2026-01-02T03:04:05.678901Z"})";

// The other ends of the connections, read by a thread of their own and thrown away.
class drain {
 public:
  drain() : epoll_(::epoll_create1(EPOLL_CLOEXEC)), thread_([this] { read(); }) {}
  ~drain() {
    stopping_ = true;
    thread_.join();
    for (const int fd : ends_) ::close(fd);
    ::close(epoll_);
  }
  drain(const drain&) = delete;
  drain& operator=(const drain&) = delete;

  void add(int fd) {
    ends_.push_back(fd);
    epoll_event wanted{};
    wanted.events = EPOLLIN;
    wanted.data.fd = fd;
    if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &wanted) != 0) throw std::runtime_error("epoll_ctl failed");
  }
  // Until nothing has come for 20 ms, so that no round meets the one before.
  void settle() const {
    for (std::uint64_t before = seen_;; before = seen_) {
      std::this_thread::sleep_for(20ms);
      if (before == seen_) return;
    }
  }

 private:
  void read() {
    std::array<epoll_event, 256> ready;
    std::array<char, 65536> bytes;
    while (!stopping_) {
      const int n = ::epoll_wait(epoll_, ready.data(), static_cast<int>(ready.size()), 10);
      for (int i = 0; i < n; ++i) {
        const auto got =
            ::recv(ready.at(static_cast<std::size_t>(i)).data.fd, bytes.data(), bytes.size(), MSG_DONTWAIT);
        if (got > 0) seen_ += static_cast<std::uint64_t>(got);
      }
    }
  }

  int epoll_;
  std::vector<int> ends_;
  std::atomic<bool> stopping_ = false;
  std::atomic<std::uint64_t> seen_ = 0;
  std::thread thread_;
};

// Connected sockets of the server's side.
std::vector<http::tcp_socket> connections(asio::io_context& io, drain& ends, std::size_t count) {
  http::tcp_acceptor acceptor(io.get_executor(), {asio::ip::address_v4::loopback(), 0});
  std::vector<http::tcp_socket> out;
  for (std::size_t i = 0; i < count; ++i) {
    http::tcp_socket peer(io.get_executor());
    peer.connect(acceptor.local_endpoint());
    out.push_back(acceptor.accept());
    out.back().set_option(asio::ip::tcp::no_delay(true));
    out.back().non_blocking(true);
    ends.add(peer.release());
  }
  return out;
}

struct ignoring final : gateway::sockets_owner {
  void on_leaving(gateway::socket_id, gateway::close_code) override { throw std::logic_error("a socket was lost"); }
  void on_empty() override {}
};

std::string user(std::size_t i) {
  return "rc-1-" + std::to_string(i);
}

// range(0): sockets; range(1): messages due to each in one turn.
void fan_out_gateway(benchmark::State& state) {
  const auto count = static_cast<std::size_t>(state.range(0));
  asio::io_context io(1);
  ignoring owner;
  drain ends;
  gateway::router routes;
  gateway::sockets sockets(io, {}, owner);
  const auto now = std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
  std::vector<std::string> names;
  for (auto& connection : connections(io, ends, count)) {
    const auto id = sockets.open(std::move(connection), now + 1h, "101");
    names.push_back(user(names.size()));
    routes.wait(id, names.back());
    routes.attach(id);
    sockets.start(id, "");
  }
  io.poll();
  for (auto _ : state) {
    for (std::int64_t due = 0; due < state.range(1); ++due) {
      for (const std::string& name : names) {
        gateway::frame plain;
        routes.each_attached(name, [&](gateway::socket_id id) {
          if (!plain)
            plain = gateway::frame::text({gateway::plain_message.before, message, gateway::plain_message.after});
          sockets.send(id, plain);
        });
      }
    }
    io.poll();  // the end of the turn: each socket is written once
    state.PauseTiming();
    ends.settle();
    state.ResumeTiming();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0) * state.range(1));
}

// One call of send() for each frame, which was encoded beforehand.
void fan_out_raw(benchmark::State& state) {
  asio::io_context io(1);
  drain ends;
  auto all = connections(io, ends, static_cast<std::size_t>(state.range(0)));
  const auto finished = gateway::frame::text({gateway::plain_message.before, message, gateway::plain_message.after});
  const auto bytes = finished.bytes();
  for (auto _ : state) {
    for (std::int64_t due = 0; due < state.range(1); ++due) {
      for (auto& one : all) {
        if (::send(one.native_handle(), bytes.data(), bytes.size(), MSG_NOSIGNAL) !=
            static_cast<ssize_t>(bytes.size())) {
          throw std::runtime_error("send was short");
        }
      }
    }
    state.PauseTiming();
    ends.settle();
    state.ResumeTiming();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0) * state.range(1));
}

BENCHMARK(fan_out_gateway)->Args({3000, 1})->Args({3000, 8})->Iterations(10)->Unit(benchmark::kMillisecond);
BENCHMARK(fan_out_raw)->Args({3000, 1})->Args({3000, 8})->Iterations(10)->Unit(benchmark::kMillisecond);

}  // namespace

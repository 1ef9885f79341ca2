#include "reference-server/http/server.hpp"

#include "reference-server/http/connection.hpp"

#include <boost/asio/basic_waitable_timer.hpp>

#include <ctime>
#include <list>
#include <unordered_map>
#include <utility>
#include <vector>

namespace http {
namespace {

using steady_timer = boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                                       boost::asio::wait_traits<std::chrono::steady_clock>, executor>;
constexpr std::chrono::milliseconds tick{250};

std::string date_now() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  char text[40];
  return {text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts)};
}

}  // namespace

class server::state final : public connection_home, public std::enable_shared_from_this<state> {
 public:
  state(boost::asio::io_context& io, http::service& asked, const limits& own_bounds)
      : connection_home(asked, own_bounds), acceptor_(io.get_executor()), ticker_(io.get_executor()) {
    date = date_now();
  }

  boost::system::error_code listen(const tcp::endpoint& endpoint, bool reuse_port) {
    using reuse_port_option = boost::asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;
    boost::system::error_code failed;
    acceptor_.open(endpoint.protocol(), failed);
    if (!failed) acceptor_.set_option(tcp_acceptor::reuse_address(true), failed);
    if (!failed && reuse_port) acceptor_.set_option(reuse_port_option(true), failed);
    if (!failed) acceptor_.bind(endpoint, failed);
    if (!failed) acceptor_.listen(4096, failed);
    if (failed) {
      boost::system::error_code ignored;
      acceptor_.close(ignored);
      return failed;
    }
    if (!ticking_) {
      ticking_ = true;
      ticker_.expires_after(tick);
      wait_for_tick();
    }
    accept();
    return {};
  }

  tcp::endpoint local_endpoint() const { return acceptor_.local_endpoint(); }

  void stop_listening() {
    boost::system::error_code ignored;
    acceptor_.close(ignored);
  }

  // Who has connected already and waits in the kernel would be reset.
  void admit_waiting() {
    boost::system::error_code failed;
    acceptor_.non_blocking(true, failed);
    while (!failed) {
      tcp_socket socket(acceptor_.get_executor());
      acceptor_.accept(socket, failed);
      if (!failed) admit(std::move(socket));
    }
  }

  void stop(std::chrono::milliseconds patience, std::function<void()> drained) {
    stop_listening();
    stopping = true;
    drained_ = std::move(drained);
    ticks_left_ = patience / tick + 1;
    std::vector<std::shared_ptr<connection>> open(connections_.size());
    std::size_t i = 0;
    for (const auto& [key, one] : connections_) {
      open[i++] = one;
    }
    for (const auto& one : open) {
      one->stop();
    }
    end_when_drained();
  }

  void close_all() {
    ticker_.cancel();
    ticking_ = false;
    stop_listening();
    while (!connections_.empty()) {
      const std::shared_ptr<connection> one = connections_.begin()->second;
      one->close();
    }
  }

  std::size_t connections() const { return connections_.size(); }

  void forget(connection& gone) override {
    connections_.erase(&gone);
    if (stopping) {
      end_when_drained();
    }
  }

 private:
  void accept() {
    auto on_accept = [self = shared_from_this()](const boost::system::error_code& failed, tcp_socket socket) {
      if (!self->acceptor_.is_open()) {
        return;
      }
      if (failed) {
        self->accept_again_ = true;  // out of descriptors, most likely: the next tick tries again
        return;
      }
      self->admit(std::move(socket));
      self->accept();
    };
    acceptor_.async_accept(std::move(on_accept));
  }

  void admit(tcp_socket socket) {
    boost::system::error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    auto admitted = std::make_shared<connection>(std::move(socket), shared_from_this());
    connections_.emplace(admitted.get(), admitted);
    admitted->start();
  }

  void wait_for_tick() {
    auto on_tick = [self = shared_from_this()](const boost::system::error_code& failed) {
      if (!failed && self->ticking_) {
        self->on_tick();
      }
    };
    ticker_.async_wait(std::move(on_tick));
  }

  void on_tick() {
    const auto due = ticker_.expiry();
    const auto now = std::chrono::steady_clock::now();
    // A late tick means that this process stood still: what arrived meanwhile is read before any deadline is judged.
    const bool late = now - due > tick;
    ticker_.expires_at(late ? now + tick : due + tick);
    wait_for_tick();
    date = date_now();
    if (std::exchange(accept_again_, false) && acceptor_.is_open()) {
      accept();
    }
    if (!late) {
      wheel.advance();
    }
    if (stopping && --ticks_left_ <= 0) {
      close_all();
      end_when_drained();
    }
  }

  void end_when_drained() {
    if (connections_.empty() && drained_) {
      ticker_.cancel();
      ticking_ = false;
      std::exchange(drained_, nullptr)();
    }
  }

  tcp_acceptor acceptor_;
  steady_timer ticker_;
  std::unordered_map<connection*, std::shared_ptr<connection>> connections_;
  std::function<void()> drained_;
  std::chrono::milliseconds::rep ticks_left_ = 0;
  bool ticking_ = false;
  bool accept_again_ = false;
};

server::server(boost::asio::io_context& io, service& service, limits bounds)
    : state_(std::make_shared<state>(io, service, bounds)) {}
server::~server() {
  state_->close_all();
}

boost::system::error_code server::listen(const tcp::endpoint& endpoint, bool reuse_port) {
  return state_->listen(endpoint, reuse_port);
}
tcp::endpoint server::local_endpoint() const {
  return state_->local_endpoint();
}
void server::stop_listening() {
  state_->admit_waiting();
  state_->stop_listening();
}
void server::stop(std::chrono::milliseconds patience, std::function<void()> drained) {
  state_->stop(patience, std::move(drained));
}
std::size_t server::connections() const {
  return state_->connections();
}

}  // namespace http

#include "conformance/contract/test/recording_proxy.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <fstream>
#include <list>
#include <thread>

namespace conformance::contract_test {
namespace {

using tcp = boost::asio::ip::tcp;

tcp::endpoint endpoint_of(const std::string& address) {
  const auto colon = address.rfind(':');
  return {boost::asio::ip::make_address(address.substr(0, colon)),
          static_cast<std::uint16_t>(std::stoi(address.substr(colon + 1)))};
}

// One direction of a connection.
struct direction {
  direction(tcp::socket& source, tcp::socket& sink) : from(source), to(sink) {}

  void pass() {
    from.async_read_some(boost::asio::buffer(part), [this](const boost::system::error_code& ended, std::size_t size) {
      if (ended) {
        boost::system::error_code ignored;
        to.shutdown(tcp::socket::shutdown_send, ignored);
        return;
      }
      kept.append(part.data(), size);
      boost::asio::async_write(to, boost::asio::buffer(part, size),
                               [this](const boost::system::error_code& failed, std::size_t) {
                                 if (!failed) pass();
                               });
    });
  }

  tcp::socket& from;
  tcp::socket& to;
  std::array<char, 16384> part;
  std::string kept;
};

struct pair_of_sockets {
  pair_of_sockets(tcp::socket accepted, boost::asio::io_context& io) : client(std::move(accepted)), server(io) {}
  tcp::socket client;
  tcp::socket server;
  direction sent{client, server};
  direction answered{server, client};
};

}  // namespace

class recording_proxy::loop {
 public:
  explicit loop(const std::string& upstream)
      : upstream_(endpoint_of(upstream)),
        acceptor_(io_, {boost::asio::ip::address_v4::loopback(), 0}),
        address_("127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port())) {
    accept();
    thread_ = std::thread([this] { io_.run(); });
  }
  ~loop() { stop(); }

  void stop() {
    if (thread_.joinable()) {
      io_.stop();
      thread_.join();
    }
  }

  const std::string& address() const { return address_; }
  const std::list<pair_of_sockets>& connections() const { return connections_; }

 private:
  void accept() {
    acceptor_.async_accept([this](const boost::system::error_code& failed, tcp::socket accepted) {
      if (failed) {
        return;
      }
      pair_of_sockets& made = connections_.emplace_back(std::move(accepted), io_);
      boost::system::error_code refused;
      made.server.connect(upstream_, refused);  // on loopback: at once
      if (refused) {
        made.client.close();
      } else {
        made.client.set_option(tcp::no_delay(true));
        made.server.set_option(tcp::no_delay(true));
        made.sent.pass();
        made.answered.pass();
      }
      accept();
    });
  }

  const tcp::endpoint upstream_;
  boost::asio::io_context io_{1};
  std::list<pair_of_sockets> connections_;
  tcp::acceptor acceptor_;
  const std::string address_;
  std::thread thread_;
};

recording_proxy::recording_proxy(const std::string& upstream) : loop_(std::make_unique<loop>(upstream)) {}
recording_proxy::~recording_proxy() = default;

std::string recording_proxy::address() const {
  return loop_->address();
}

std::size_t recording_proxy::save(const std::filesystem::path& folder) {
  loop_->stop();
  std::size_t number = 0;
  for (const auto& one : loop_->connections()) {
    std::ofstream(folder / (std::to_string(number) + ".sent"), std::ios::binary) << one.sent.kept;
    std::ofstream(folder / (std::to_string(number) + ".answered"), std::ios::binary) << one.answered.kept;
    ++number;
  }
  return number;
}

}  // namespace conformance::contract_test

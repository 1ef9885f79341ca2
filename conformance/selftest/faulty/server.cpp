#include "conformance/selftest/faulty/server.hpp"

#include "conformance/selftest/faulty/http_session.hpp"

#include <algorithm>

namespace faulty {
namespace {

constexpr std::chrono::milliseconds tick_every{100};
constexpr std::chrono::milliseconds tick_every_while_stopping{10};
constexpr std::chrono::seconds longest_stop{3};
constexpr std::chrono::seconds longest_goodbye{1};  // sockets have this long to answer the close frame

}  // namespace

Server::Server(boost::asio::io_context& context, Settings given, Faults& with)
    : io(context),
      settings(std::move(given)),
      faults(with),
      tokens(settings.secret, faults),
      store(faults),
      router(faults),
      publications(io, router, faults),
      commits(io, settings.commit_delay, store, publications, faults),
      rest({settings.dev_login, settings.origins}, tokens, store, commits, faults),
      acceptor_(io),
      clock_(io) {}

boost::asio::ip::tcp::endpoint Server::listen(const boost::asio::ip::tcp::endpoint& endpoint) {
  acceptor_.open(endpoint.protocol());
  acceptor_.set_option(boost::asio::socket_base::reuse_address(true));
  acceptor_.bind(endpoint);
  acceptor_.listen(4096);
  accept();
  tick();
  return acceptor_.local_endpoint();
}

void Server::accept() {
  accepting_ = true;
  acceptor_.async_accept([this](boost::system::error_code error, TcpSocket socket) {
    accepting_ = false;
    if (stopping) return;
    if (!error) {
      boost::system::error_code ignored;
      socket.set_option(boost::asio::ip::tcp::no_delay(true), ignored);
      start_http_session(*this, std::move(socket));
    }
    // Out of descriptors: the clock tries again.
    if (!error || error == boost::asio::error::connection_aborted) accept();
  });
}

void Server::tick() {
  clock_.expires_after(stopping ? tick_every_while_stopping : tick_every);
  clock_.async_wait([this](boost::system::error_code error) {
    if (error && !stopping) return;
    const auto now = Clock::now();
    publications.tick(now);
    router.tick(now);
    for (const auto& session : sessions.living()) session->tick(now);
    if (stopping)
      continue_stop(now);
    else if (!accepting_)
      accept();
    tick();
  });
}

void Server::stop() {
  if (stopping) return;
  stopping = true;
  stop_deadline_ = Clock::now() + longest_stop;
  boost::system::error_code ignored;
  acceptor_.close(ignored);
  for (const auto& session : sessions.living()) session->finish_requests();
  clock_.cancel();
}

void Server::continue_stop(Clock::time_point now) {
  const auto living = sessions.living();
  const bool working =
      !commits.idle() || !publications.idle() ||
      std::any_of(living.begin(), living.end(), [](const auto& session) { return session->is_working(); });
  if (!working && !said_goodbye_) {
    said_goodbye_ = true;
    stop_deadline_ = std::min(stop_deadline_, now + longest_goodbye);
    for (const auto& session : living) session->go_away();
  }
  if (!living.empty() && now < stop_deadline_) return;
  for (const auto& session : living) session->abort();
  io.stop();
}

}  // namespace faulty

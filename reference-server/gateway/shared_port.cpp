#include "reference-server/gateway/shared_port.hpp"

#include "reference-server/gateway/engine_request.hpp"
#include "reference-server/ops/log.hpp"

#include <algorithm>

namespace gateway {

namespace {
constexpr std::chrono::milliseconds look_again{100};
}

shared_port::shared_port(boost::asio::io_context& context, hub& behind, const http::limits& bounds, std::size_t most)
    : hub_(behind), server_(context, *this, bounds), most_(most), timer_(context.get_executor()) {}

boost::system::error_code shared_port::listen(const http::tcp::endpoint& at) {
  at_ = at;
  const auto failed = server_.listen(at, true);
  open_ = !failed;
  return failed;
}

void shared_port::stop(std::chrono::milliseconds patience) {
  open_ = false;
  timer_.cancel();
  server_.stop(patience, [] {});
}

void shared_port::serve(http::exchange asked) {
  if (full()) {
    auto answer = http::problem(503, "this process has no room; another one may");
    answer.headers += "Retry-After: 1\r\n";
    answer.close = true;  // the next connection goes to another process, this one would not
    return asked.answer(std::move(answer));
  }
  const http::request& request = asked.request();
  if (request.path == "/socket.io/") {
    const auto query = read_engine_query(request.query);
    auto headers = hub_.allow_origin_of(request);
    if (query.transport != "websocket") {
      return asked.answer(refuse(engine_refusal::unknown_transport, std::move(headers)));
    }
    // An upgrade: its session lives in one process, and only by chance in this one.
    if (!query.session.empty()) return asked.answer(refuse(engine_refusal::bad_request, std::move(headers)));
  }
  hub_.serve(std::move(asked));
  if (open_ && full()) close();
}

void shared_port::answering(const http::request& asked, http::response& answer, std::chrono::nanoseconds took) {
  hub_.answering(asked, answer, took);
}

void shared_port::close() {
  ops::log_info("full: the shared port is closed", {{"sockets", hub_.open_sockets()}});
  open_ = false;
  server_.stop_listening();
  look_later();
}

void shared_port::look_later() {
  timer_.expires_after(look_again);
  timer_.async_wait([this](const boost::system::error_code& cancelled) {
    if (cancelled) return;
    const std::size_t mark = most_ - std::max<std::size_t>(1, most_ / 10);
    if (hub_.open_sockets() > mark) return look_later();
    if (const auto failed = listen(at_)) {
      ops::log_warn("the shared port cannot be opened again, trying on", {{"why", failed.message()}});
      return look_later();
    }
    ops::log_info("room again: the shared port is open", {{"sockets", hub_.open_sockets()}});
  });
}

}  // namespace gateway

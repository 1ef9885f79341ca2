#include "harness/client/http/pool.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <deque>
#include <utility>

namespace client::http {

namespace {

struct waiting {
  http::request request;
  time_point started;
  time_point deadline;
  exchange_handler handler;
};

// One base URL: its connections and who waits for one.
struct lane {
  url origin;
  std::vector<std::unique_ptr<connection>> connections;
  std::deque<waiting> queue;
};

exchange unsent(const waiting& request, failure failure, std::string detail) {
  exchange out;
  out.started = request.started;
  out.completed = clock::now();
  out.failure = failure;
  out.detail = std::move(detail);
  return out;
}

}  // namespace

class pool::state : public std::enable_shared_from_this<state> {
 public:
  state(asio::io_context& io, std::vector<url> origins, std::size_t connections) : io_(io), timer_(io) {
    per_lane_ = std::max<std::size_t>(1, connections / std::max<std::size_t>(1, origins.size()));
    for (url& origin : origins) lanes_.push_back({std::move(origin), {}, {}});
  }

  void send(waiting request) {
    ++pending_;
    const std::size_t chosen = next_;
    next_ = (next_ + 1) % lanes_.size();
    if (lanes_[chosen].queue.empty()) {
      if (connection* free = find_free(lanes_[chosen])) return start(chosen, *free, std::move(request));
    }
    const bool sooner = !armed_ || request.deadline < timer_.expiry();
    lanes_[chosen].queue.push_back(std::move(request));
    if (sooner) arm();
  }

  std::size_t pending() const noexcept { return pending_; }

  void close() {
    for (lane& each : lanes_) {
      std::deque<waiting> dropped;
      dropped.swap(each.queue);
      for (waiting& request : dropped) report(std::move(request), failure::cancelled, "");
      for (const auto& each_connection : each.connections) each_connection->close();
    }
  }

  // The owner is gone: what is still on its way calls nobody.
  void abandon() {
    timer_.cancel();
    lanes_.clear();
    abandoned_ = true;
  }

 private:
  connection* find_free(lane& from) {
    connection* cold = nullptr;
    for (const auto& each : from.connections) {
      if (each->warm()) return each.get();
      if (each->idle() && cold == nullptr) cold = each.get();
    }
    if (cold == nullptr && from.connections.size() < per_lane_) {
      cold = from.connections.emplace_back(std::make_unique<connection>(io_, from.origin)).get();
    }
    return cold;
  }

  void start(std::size_t index, connection& on, waiting request) {
    auto done = [weak = weak_from_this(), index, handler = std::move(request.handler)](exchange result) {
      const auto self = weak.lock();
      if (!self || self->abandoned_) return;
      --self->pending_;
      self->serve(index);  // who waited longest goes first, before what the handler may send
      handler(std::move(result));
    };
    on.send(std::move(request.request), request.started, request.deadline, std::move(done));
  }

  void serve(std::size_t index) {
    lane& from = lanes_[index];
    while (!from.queue.empty()) {
      if (from.queue.front().deadline <= clock::now()) {
        expire(from);
        continue;
      }
      connection* free = find_free(from);
      if (free == nullptr) return;
      waiting request = std::move(from.queue.front());
      from.queue.pop_front();
      start(index, *free, std::move(request));
    }
  }

  // Ends the waiting requests of a lane whose deadline has passed.
  void expire(lane& from) {
    const time_point now = clock::now();
    std::deque<waiting> kept;
    for (waiting& request : from.queue) {
      if (request.deadline <= now) {
        report(std::move(request), failure::timeout, "no connection became free");
      } else {
        kept.push_back(std::move(request));
      }
    }
    from.queue.swap(kept);
  }

  void report(waiting request, failure failure, std::string detail) {
    asio::post(io_, [weak = weak_from_this(), result = unsent(request, failure, std::move(detail)),
                     handler = std::move(request.handler)]() mutable {
      const auto self = weak.lock();
      if (!self || self->abandoned_) return;
      --self->pending_;
      handler(std::move(result));
    });
  }

  // Sets the timer to the earliest deadline of those who wait.
  void arm() {
    time_point earliest = time_point::max();
    for (const lane& each : lanes_) {
      for (const waiting& request : each.queue) earliest = std::min(earliest, request.deadline);
    }
    if (earliest == time_point::max()) return;
    armed_ = true;
    timer_.expires_at(earliest);
    timer_.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
      const auto self = weak.lock();
      if (error || !self || self->abandoned_) return;
      self->armed_ = false;
      for (lane& each : self->lanes_) self->expire(each);
      self->arm();
    });
  }

  asio::io_context& io_;
  timer timer_;
  std::deque<lane> lanes_;
  std::size_t per_lane_ = 1;
  std::size_t next_ = 0;
  std::size_t pending_ = 0;
  bool armed_ = false;
  bool abandoned_ = false;
};

pool::pool(asio::io_context& io, std::vector<url> origins, std::size_t connections)
    : state_(std::make_shared<state>(io, std::move(origins), connections)) {}

pool::~pool() {
  if (state_) state_->abandon();
}

pool::pool(pool&&) noexcept = default;

pool& pool::operator=(pool&& other) noexcept {
  if (this != &other) {
    if (state_) state_->abandon();
    state_ = std::move(other.state_);
  }
  return *this;
}

void pool::send(request request, std::chrono::nanoseconds patience, exchange_handler handler) {
  const time_point now = clock::now();
  state_->send({std::move(request), now, now + patience, std::move(handler)});
}

std::size_t pool::pending() const noexcept {
  return state_->pending();
}
void pool::close() {
  state_->close();
}

}  // namespace client::http

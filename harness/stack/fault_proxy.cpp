#include "harness/stack/fault_proxy.hpp"

#include "harness/stack/stream_address.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <deque>
#include <functional>
#include <future>
#include <list>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace stack {
namespace {
using clock = std::chrono::steady_clock;
constexpr std::size_t most_waiting = std::size_t{1} << 20;

// What goes one way on one connection.
struct flow {
  struct piece {
    clock::time_point due;
    std::string bytes;
  };
  std::deque<piece> waiting;
  std::size_t waiting_bytes = 0;
  bool ended = false;      // the sender has said all
  bool passed_on = false;  // and the receiver knows
};

struct pair {
  descriptor client, server;
  flow commands, answers;  // to the server, to the client
  bool half_open = false;
};

void reset_and_close(descriptor& which) {
  const linger at_once{1, 0};
  ::setsockopt(which.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  which.close();
}

}  // namespace

class fault_proxy::state {
 public:
  state(descriptor listener, std::string address, std::optional<stream_address> server)
      : listener_(std::move(listener)),
        wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
        address_(std::move(address)),
        server_(server),
        thread_([this] { run(); }) {}

  ~state() {
    in_loop([this] { ending_ = true; });
    thread_.join();
    if (address_.starts_with("/")) ::unlink(address_.c_str());
  }

  const std::string& address() const noexcept { return address_; }

  // Has it done by the thread, and waits for that.
  void in_loop(std::function<void()> what) {
    std::packaged_task<void()> task(std::move(what));
    auto done = task.get_future();
    {
      const std::lock_guard guard(mutex_);
      tasks_.push_back(std::move(task));
    }
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(wake_.get(), &one, sizeof one);
    done.get();
  }

  // What follows belongs to the thread.
  void forward_to(const std::string& server) {
    const auto parsed = parse_stream_address(server);
    server_ = parsed ? std::optional(*parsed) : std::nullopt;
  }
  void pass() {
    cut_ = stall_commands_ = stall_answers_ = lose_answer_ = false;
    delay_ = {};
    std::erase_if(pairs_, [](const pair& one) { return one.half_open; });
  }
  void cut() {
    cut_ = true;
    pairs_.clear();
  }
  void reset() {
    for (pair& one : pairs_) {
      reset_and_close(one.client);
      reset_and_close(one.server);
    }
    pairs_.clear();
  }
  void stall(towards which) {
    stall_commands_ |= which != towards::client;
    stall_answers_ |= which != towards::server;
  }
  void delay(std::chrono::milliseconds by) { delay_ = by; }
  void half_open(end told) {
    for (pair& one : pairs_) {
      one.half_open = true;
      one.commands = one.answers = {};
      (told == end::client ? one.client : one.server).close();
    }
  }
  void lose_answer() { lose_answer_ = true; }
  std::size_t connections() const { return pairs_.size(); }
  std::uint64_t accepted() const { return accepted_; }
  std::uint64_t answers_lost() const { return answers_lost_; }

 private:
  void run();
  void carry_out_tasks();
  void accept_all();
  bool move(pair& one);
  bool read(const descriptor& from, flow& into, bool lose);
  bool write(const descriptor& to, flow& from, bool stalled);
  bool swallow(const descriptor& from);
  int timeout() const;

  descriptor listener_, wake_;
  std::string address_;
  std::mutex mutex_;
  std::vector<std::packaged_task<void()>> tasks_;
  std::optional<stream_address> server_;
  std::list<pair> pairs_;
  bool cut_ = false, stall_commands_ = false, stall_answers_ = false, lose_answer_ = false, ending_ = false;
  std::chrono::milliseconds delay_{0};
  std::uint64_t accepted_ = 0, answers_lost_ = 0;
  std::array<char, 65536> buffer_{};
  std::thread thread_;  // last: it uses all of the above
};

void fault_proxy::state::run() {
  std::vector<pollfd> looked;
  while (!ending_) {
    looked.assign({{wake_.get(), POLLIN, 0}, {listener_.get(), POLLIN, 0}});
    const auto look = [&](const descriptor& at, const flow& out_of, const flow& into, bool stalled) {
      short events = 0;
      if (!out_of.ended && out_of.waiting_bytes < most_waiting) events |= POLLIN;
      if (!stalled && !into.waiting.empty() && into.waiting.front().due <= clock::now()) events |= POLLOUT;
      // A closed end and one of which nothing is wanted are left out: poll() reports a hang-up without being asked.
      looked.push_back({events == 0 ? -1 : at.get(), events, 0});
    };
    for (const pair& one : pairs_) {
      look(one.client, one.commands, one.answers, stall_answers_);
      look(one.server, one.answers, one.commands, stall_commands_);
    }
    ::poll(looked.data(), looked.size(), timeout());
    carry_out_tasks();
    accept_all();
    std::erase_if(pairs_, [this](pair& one) { return !move(one); });
  }
}

// Until the next delayed piece is due; for ever when there is none.
int fault_proxy::state::timeout() const {
  std::optional<clock::time_point> next;
  const auto now = clock::now();
  for (const pair& one : pairs_) {
    for (const auto& [way, stalled] : {std::pair{&one.commands, stall_commands_}, {&one.answers, stall_answers_}}) {
      if (stalled || way->waiting.empty() || way->waiting.front().due <= now) continue;
      next = std::min(next.value_or(clock::time_point::max()), way->waiting.front().due);
    }
  }
  return next ? static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(*next - now).count()) : -1;
}

void fault_proxy::state::carry_out_tasks() {
  std::uint64_t count = 0;
  [[maybe_unused]] const auto got = ::read(wake_.get(), &count, sizeof count);
  std::vector<std::packaged_task<void()>> due;
  {
    const std::lock_guard guard(mutex_);
    due.swap(tasks_);
  }
  for (auto& task : due) task();
}

void fault_proxy::state::accept_all() {
  for (;;) {
    descriptor client(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!client.open()) return;
    ++accepted_;
    if (cut_ || !server_) continue;
    descriptor server = connect_to(*server_);
    if (!server.open()) continue;
    pair& made = pairs_.emplace_back();
    made.client = std::move(client);
    made.server = std::move(server);
  }
}

// False: the connection is over.
bool fault_proxy::state::move(pair& one) {
  if (one.half_open) return swallow(one.client.open() ? one.client : one.server);
  if (!read(one.client, one.commands, false) || !read(one.server, one.answers, lose_answer_)) return false;
  if (!write(one.server, one.commands, stall_commands_) || !write(one.client, one.answers, stall_answers_)) {
    return false;
  }
  return !(one.commands.passed_on && one.answers.passed_on);
}

// False: the connection broke, or its answer was just lost.
bool fault_proxy::state::read(const descriptor& from, flow& into, bool lose) {
  while (!into.ended && into.waiting_bytes < most_waiting) {
    const auto got = ::recv(from.get(), buffer_.data(), buffer_.size(), 0);
    if (got < 0) return errno == EAGAIN || errno == EINTR;
    if (got > 0 && lose) {
      lose_answer_ = false;
      ++answers_lost_;
      return false;
    }
    if (got == 0) {
      into.ended = true;
    } else {
      into.waiting.push_back({clock::now() + delay_, {buffer_.data(), static_cast<std::size_t>(got)}});
      into.waiting_bytes += static_cast<std::size_t>(got);
    }
  }
  return true;
}

// False: the connection broke.
bool fault_proxy::state::write(const descriptor& to, flow& from, bool stalled) {
  const auto now = clock::now();
  while (!stalled && !from.waiting.empty() && from.waiting.front().due <= now) {
    std::string& bytes = from.waiting.front().bytes;
    const auto sent = ::send(to.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0) return errno == EAGAIN || errno == EINTR;
    from.waiting_bytes -= static_cast<std::size_t>(sent);
    bytes.erase(0, static_cast<std::size_t>(sent));
    if (bytes.empty()) from.waiting.pop_front();
  }
  if (!stalled && from.ended && from.waiting.empty() && !from.passed_on) {
    from.passed_on = true;
    ::shutdown(to.get(), SHUT_WR);
  }
  return true;
}

// Reads and forgets. False: this end has given up.
bool fault_proxy::state::swallow(const descriptor& from) {
  for (;;) {
    const auto got = ::recv(from.get(), buffer_.data(), buffer_.size(), 0);
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) return false;
    if (got < 0) return true;
  }
}

start_result<std::unique_ptr<fault_proxy>> fault_proxy::open(const std::string& listen, const std::string& server) {
  const auto here = parse_stream_address(listen);
  if (!here) return here.error();
  std::optional<stream_address> there;
  if (!server.empty()) {
    const auto parsed = parse_stream_address(server);
    if (!parsed) return parsed.error();
    there = *parsed;
  }
  auto listener = listen_at(*here);
  if (!listener) return listener.error();
  const std::string address = text_of_local(*listener);
  return std::unique_ptr<fault_proxy>(new fault_proxy(std::make_unique<state>(std::move(*listener), address, there)));
}

fault_proxy::fault_proxy(std::unique_ptr<state> own) noexcept : state_(std::move(own)) {}
fault_proxy::~fault_proxy() = default;

const std::string& fault_proxy::address() const noexcept {
  return state_->address();
}
void fault_proxy::forward_to(const std::string& server) {
  state_->in_loop([&] { state_->forward_to(server); });
}
void fault_proxy::pass() {
  state_->in_loop([this] { state_->pass(); });
}
void fault_proxy::cut() {
  state_->in_loop([this] { state_->cut(); });
}
void fault_proxy::reset() {
  state_->in_loop([this] { state_->reset(); });
}
void fault_proxy::stall(towards which) {
  state_->in_loop([this, which] { state_->stall(which); });
}
void fault_proxy::delay(std::chrono::milliseconds by) {
  state_->in_loop([this, by] { state_->delay(by); });
}
void fault_proxy::half_open(end told) {
  state_->in_loop([this, told] { state_->half_open(told); });
}
void fault_proxy::lose_answer() {
  state_->in_loop([this] { state_->lose_answer(); });
}
std::size_t fault_proxy::connections() {
  std::size_t count = 0;
  state_->in_loop([&] { count = state_->connections(); });
  return count;
}
std::uint64_t fault_proxy::accepted() {
  std::uint64_t count = 0;
  state_->in_loop([&] { count = state_->accepted(); });
  return count;
}
std::uint64_t fault_proxy::answers_lost() {
  std::uint64_t count = 0;
  state_->in_loop([&] { count = state_->answers_lost(); });
  return count;
}

}  // namespace stack

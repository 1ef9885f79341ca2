#include "reference-server/redis/link.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <cassert>

namespace redis {
namespace asio = boost::asio;
using boost::system::error_code;

namespace {
constexpr std::uint64_t hello_token = ~std::uint64_t{0};  // our own CLIENT ID
constexpr std::uint64_t server_token = hello_token - 1;   // and the INFO before it
constexpr std::string_view run_id_line = "run_id:";
constexpr std::chrono::milliseconds connect_within{2000};
constexpr std::size_t buffer_size = 64 * 1024;
constexpr std::size_t piece = 16 * 1024;
constexpr int reads_per_turn = 8;          // then others have their turn
constexpr int reads_before_judging = 256;  // more than the kernel can hold for one socket
}  // namespace

// One socket with its conversation. Its handlers keep it alive; owner is null from the moment it was lost or stopped,
// and then nothing of it reaches the link any more.
struct link::connection : listener, std::enable_shared_from_this<link::connection> {
  explicit connection(link& of)
      : owner(&of), stream(of.context_.get_executor()), tick(of.context_.get_executor()), opened(clock::now()) {
    const auto& l = of.limits_;
    period = std::clamp(std::min({l.ping_every, l.silence, l.answer, l.answer_silence}) / 10,
                        std::chrono::milliseconds(5), std::chrono::milliseconds(100));
  }

  void open() {
    stream.async_connect(owner->where_.endpoint, [self = shared_from_this()](const error_code& error) {
      if (self->owner == nullptr) return;
      if (error) return self->lose("cannot connect: " + error.message());
      self->connected();
    });
    wait_tick();
  }

  void connected() {
    error_code ignored;
    stream.non_blocking(true, ignored);
    if (owner->where_.tcp) stream.set_option(asio::ip::tcp::no_delay(true), ignored);
    buffer.resize(buffer_size);
    talk.emplace(owner->limits_, clock::now());
    talk->command(server_token, {"INFO", "server"});
    talk->command(hello_token, {"CLIENT", "ID"});
    flush();
    if (owner != nullptr) wait_readable();
  }

  void wait_readable() {
    stream.async_wait(stream.wait_read, [self = shared_from_this()](const error_code& error) {
      if (self->owner == nullptr) return;
      if (error) return self->lose(error.message());
      self->read(reads_per_turn);
      if (self->owner != nullptr) self->wait_readable();
    });
  }

  // Reads what has arrived. True when all of it was read and the connection lives.
  bool read(int most) {
    for (int i = 0; i < most; ++i) {
      error_code error;
      const auto got = stream.read_some(asio::buffer(buffer), error);
      if (error == asio::error::would_block) return true;
      if (error == asio::error::interrupted) continue;
      if (error) {
        lose(error == asio::error::eof ? "closed by Redis" : error.message());
        return false;
      }
      const auto now = clock::now();
      for (std::size_t begin = 0; begin < got; begin += piece) {
        const bool alive = talk->feed({buffer.data() + begin, std::min(piece, got - begin)}, now, *this);
        if (owner == nullptr) return false;
        if (!alive) {
          lose(talk->lost());
          return false;
        }
      }
    }
    return false;
  }

  void on_reply(std::uint64_t token, const reply& answer) override {
    if (owner == nullptr) return;
    if (token == server_token) return owner->met(answer.text());
    if (token != hello_token) return owner->owner_.on_reply(token, answer);
    if (answer.type() != reply_type::integer) {
      return owner->give_up("CLIENT ID refused: " + std::string(answer.text()));
    }
    owner->client_id_ = answer.integer();
    owner->up_ = true;
    owner->backoff_.succeeded();
    owner->owner_.on_up();
  }
  void on_message(std::string_view channel, std::string_view payload) override {
    if (owner != nullptr) owner->owner_.on_message(channel, payload);
  }

  void on_channel_lost(std::string_view channel) override {
    if (owner != nullptr) owner->owner_.on_channel_lost(channel);
  }

  void appended() {
    if (flush_posted || blocked) return;
    flush_posted = true;
    asio::post(stream.get_executor(), [self = shared_from_this()] {
      self->flush_posted = false;
      if (self->owner != nullptr) self->flush();
    });
  }

  void flush() {
    while (!blocked) {
      if (written == writing.size()) {
        writing.clear();
        written = 0;
        if (!talk->has_output()) return;
        talk->take_output(writing, clock::now());
      }
      error_code error;
      written += stream.write_some(asio::buffer(writing.data() + written, writing.size() - written), error);
      if (error == asio::error::would_block) {
        blocked = true;
        stream.async_wait(stream.wait_write, [self = shared_from_this()](const error_code& failed) {
          self->blocked = false;
          if (self->owner == nullptr) return;
          if (failed) return self->lose(failed.message());
          self->flush();
        });
      } else if (error && error != asio::error::interrupted) {
        return lose(error.message());
      }
    }
  }

  void wait_tick() {
    tick.expires_after(period);
    tick.async_wait([self = shared_from_this()](const error_code& error) {
      if (error || self->owner == nullptr) return;
      self->judge();
      if (self->owner != nullptr) self->wait_tick();
    });
  }

  void judge() {
    if (!talk) {
      if (clock::now() - opened >= connect_within) lose("cannot connect: no answer");
      return;
    }
    // Deadlines are judged only when nothing is left to read: else a pause of ours would look like one of Redis.
    if (talk->overdue(clock::now()) && !read(reads_before_judging)) return;
    if (!talk->check(clock::now())) return lose(talk->lost());
    flush();
  }

  void lose(std::string_view why) {
    if (owner != nullptr) owner->lose(shared_from_this(), why);
  }

  void abandon() {
    owner = nullptr;
    error_code ignored;
    stream.close(ignored);
    tick.cancel();
  }

  link* owner;
  socket stream;
  timer tick;
  std::optional<protocol> talk;
  std::string writing;
  std::size_t written = 0;
  std::string buffer;
  bool flush_posted = false;
  bool blocked = false;
  std::chrono::milliseconds period;
  clock::time_point opened;
};

link::link(boost::asio::io_context& context, address where, const limits& limits, link_listener& owner)
    : context_(context),
      where_(std::move(where)),
      limits_(limits),
      owner_(owner),
      retry_timer_(context.get_executor()) {}

link::~link() {
  stop();
}

void link::start() {
  connect();
}

void link::stop() {
  stopped_ = true;
  up_ = false;
  retry_timer_.cancel();
  if (current_) std::exchange(current_, nullptr)->abandon();
}

void link::connect() {
  current_ = std::make_shared<connection>(*this);
  current_->open();
}

void link::lose(const std::shared_ptr<connection>& which, std::string_view why) {
  last_error_ = why;  // a copy: `why` may point into the conversation
  which->abandon();
  current_.reset();
  const bool was_up = std::exchange(up_, false);
  if (was_up) {
    owner_.on_down(last_error_);
  } else {
    owner_.on_failed_try(last_error_);
  }
  if (!stopped_) retry();
}

void link::met(std::string_view info) {
  const auto line = info.find(run_id_line);
  if (line == info.npos) return run_id_.clear();
  const auto id = info.substr(line + run_id_line.size());
  run_id_ = id.substr(0, id.find_first_of("\r\n"));
}

void link::retry() {
  retry_timer_.expires_after(backoff_.next());
  retry_timer_.async_wait([this](const error_code& error) {
    if (!error && !stopped_) connect();
  });
}

void link::give_up(std::string_view why) {
  if (!current_) return;
  asio::post(context_, [which = current_, reason = std::string(why)] { which->lose(reason); });
}

std::size_t link::unanswered() const {
  return up_ ? current_->talk->unanswered() : 0;
}

void link::command(std::uint64_t token, std::span<const std::string_view> words) {
  assert(up_);
  current_->talk->command(token, words);
  current_->appended();
}

void link::command(std::uint64_t token, std::initializer_list<std::string_view> words) {
  command(token, std::span(words.begin(), words.size()));
}

void link::subscribe(std::uint64_t token, std::string_view channel, pubsub kind) {
  assert(up_);
  current_->talk->subscribe(token, channel, kind);
  current_->appended();
}

void link::unsubscribe(std::uint64_t token, std::string_view channel, pubsub kind) {
  assert(up_);
  current_->talk->unsubscribe(token, channel, kind);
  current_->appended();
}

}  // namespace redis

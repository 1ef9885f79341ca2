#include "reference-server/api/readers.hpp"

#include "reference-server/api/sql.hpp"
#include "reference-server/ops/log.hpp"

#include <boost/asio/post.hpp>

#include <deque>
#include <span>
#include <utility>

namespace api {
namespace {

// No job waits for locks but a chat's creation, which queues behind the others; seq scans are off because a plan made
// while the tables were empty would be kept as they grow.
constexpr const char* session =
    "SELECT set_config('lock_timeout', '3s', false), set_config('enable_seqscan', 'off', false), "
    "set_config('plan_cache_mode', 'force_generic_plan', false)";

constexpr std::size_t most_statements = 8;  // in one group; pages of 50 messages cost more CPU in groups of 16 or 32
constexpr std::size_t most_jobs = 2048;     // on one connection, beyond it jobs fail at once

}  // namespace

class readers::reader final : private postgres_listener {
 public:
  reader(boost::asio::io_context& io, postgres_settings settings, readers& owner)
      : io_(io), owner_(owner), link_(io, std::move(settings), *this) {}

  void start() { link_.start(); }
  void stop() { link_.stop(); }
  bool up() const { return link_.up() && jobs_ < most_jobs; }
  std::size_t jobs() const { return jobs_; }

  void add(std::vector<statement> statements, std::unique_ptr<read_job> job, bool alone) {
    ++jobs_;
    waiting_.push_back({std::move(statements), std::move(job), alone});
    if (!std::exchange(send_posted_, true)) {
      boost::asio::post(io_, [this] {
        send_posted_ = false;
        send();
      });
    }
  }

 private:
  struct waiting_job {
    std::vector<statement> statements;
    std::unique_ptr<read_job> job;
    bool alone;
  };
  struct group {
    std::vector<waiting_job> jobs;
    std::size_t answered = 0;     // of them, from the front
    std::vector<result> results;  // of the next one, as far as they are there
  };

  void on_up() override { ops::log_info("postgres reader up"); }
  void on_unusable(std::string_view why) override { owner_.on_unusable_(why); }

  void on_down(std::string_view why) override {
    ops::log_warn("postgres reader down", {{"why", why}});
    ++owner_.losses_;
    auto sent = std::exchange(sent_, {});
    auto waiting = std::exchange(waiting_, {});
    jobs_ = 0;
    for (group& one : sent) {
      for (waiting_job& entry : std::span(one.jobs).subspan(one.answered)) {
        entry.job->failed(true);
      }
    }
    for (waiting_job& entry : waiting) {
      entry.job->failed(false);
    }
  }

  void send() {
    while (link_.up() && !waiting_.empty()) {
      group together;
      std::size_t statements = 0;
      do {
        waiting_job& next = waiting_.front();
        for (const statement& one : next.statements) {
          link_.add(one);
        }
        statements += next.statements.size();
        // Its statements are kept for one more try.
        together.jobs.push_back(std::move(next));
        waiting_.pop_front();
      } while (!together.jobs.back().alone && !waiting_.empty() && !waiting_.front().alone &&
               statements + waiting_.front().statements.size() <= most_statements);
      link_.close(0);
      sent_.push_back(std::move(together));
    }
  }

  // What was read is true whatever becomes of the statements behind it.
  bool on_result(std::uint64_t, result& answered) override {
    group& together = sent_.front();
    waiting_job& next = together.jobs[together.answered];
    if (next.alone) {
      return false;
    }
    together.results.push_back(std::move(answered));
    if (together.results.size() == next.statements.size()) {
      --jobs_;
      ++together.answered;
      next.job->done(together.results);
      together.results.clear();
    }
    return true;
  }

  void on_group(std::uint64_t, group_result answer) override {
    group together = std::move(sent_.front());
    sent_.pop_front();
    bool guilty = answer.failure.has_value();
    if (guilty) {
      ops::log_warn("read failed", {{"sqlstate", answer.failure->sqlstate}, {"why", answer.failure->message}});
    }
    for (waiting_job& entry : std::span(together.jobs).subspan(together.answered)) {
      --jobs_;
      if (!answer.failure) {
        entry.job->done(answer.results);
      } else if (std::exchange(guilty, false)) {
        entry.job->failed(false);
      } else {
        add(std::move(entry.statements), std::move(entry.job), entry.alone);
      }
    }
  }

  boost::asio::io_context& io_;
  readers& owner_;
  postgres_link link_;
  std::deque<waiting_job> waiting_;
  std::deque<group> sent_;
  std::size_t jobs_ = 0;
  bool send_posted_ = false;
};

readers::readers(boost::asio::io_context& io, std::size_t connections, const std::string& conninfo,
                 const std::string& application_name, std::function<void(std::string_view)> on_unusable)
    : on_unusable_(std::move(on_unusable)) {
  for (std::size_t i = 0; i < connections; ++i) {
    postgres_settings settings{conninfo,
                               application_name + "-reader",
                               session,
                               {sql::lock_chat_creation, sql::insert_chat, sql::find_pair, sql::list_chats,
                                sql::one_chat, sql::history_after, sql::history_before, sql::one_message}};
    pool_.push_back(std::make_unique<reader>(io, std::move(settings), *this));
  }
}

readers::~readers() = default;

void readers::start() {
  for (auto& one : pool_) {
    one->start();
  }
}

void readers::stop() {
  for (auto& one : pool_) {
    one->stop();
  }
}

bool readers::up() const {
  for (const auto& one : pool_) {
    if (one->up()) {
      return true;
    }
  }
  return false;
}

std::size_t readers::waiting() const {
  std::size_t jobs = 0;
  for (const auto& one : pool_) {
    jobs += one->jobs();
  }
  return jobs;
}

readers::reader* readers::least_busy() {
  reader* best = nullptr;
  for (auto& one : pool_) {
    if (one->up() && (best == nullptr || one->jobs() < best->jobs())) {
      best = one.get();
    }
  }
  return best;
}

void readers::read(std::vector<statement> statements, std::unique_ptr<read_job> job) {
  if (reader* chosen = least_busy()) {
    chosen->add(std::move(statements), std::move(job), false);
  } else {
    job->failed(false);
  }
}

void readers::write(std::vector<statement> statements, std::unique_ptr<read_job> job) {
  if (reader* chosen = least_busy()) {
    chosen->add(std::move(statements), std::move(job), true);
  } else {
    job->failed(false);
  }
}

}  // namespace api

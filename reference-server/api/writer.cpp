#include "reference-server/api/writer.hpp"

#include "reference-server/api/chat_json.hpp"
#include "reference-server/api/sql.hpp"
#include "reference-server/ops/log.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace api {
namespace {

enum writer_token : std::uint64_t { batch_token, give_back_token };

// lock_timeout bounds wait_for_locks, the only place where the connection waits for others. Seq scans are off because a
// plan made while the tables were empty would be kept as they grow.
constexpr const char* session =
    "SELECT set_config('lock_timeout', '50ms', false), set_config('synchronous_commit', 'on', false), "
    "set_config('enable_seqscan', 'off', false), set_config('enable_nestloop', 'off', false), "
    "set_config('plan_cache_mode', 'force_generic_plan', false), "
    "set_config('rollcall.got', '{}', false)";

constexpr std::string_view lock_not_available = "55P03";

postgres_settings settings_of(const std::string& conninfo, const std::string& application_name) {
  return {conninfo,
          application_name + "-writer",
          session,
          {sql::unlock_all, sql::wait_for_locks, sql::try_locks, sql::insert_messages, sql::find_keys}};
}

}  // namespace

writer::writer(boost::asio::io_context& io, const std::string& conninfo, const std::string& application_name,
               redis::address redis, post_owner& owner, std::function<void(std::string_view)> on_unusable)
    : io_(io),
      owner_(owner),
      on_unusable_(std::move(on_unusable)),
      link_(io, settings_of(conninfo, application_name), *this),
      publisher_(io, std::move(redis), [this] { batch_over(); }),
      wake_(io.get_executor()) {}

void writer::start() {
  link_.start();
  publisher_.start();
}

void writer::stop() {
  link_.stop();
  publisher_.stop();
  wake_.cancel();
}

bool writer::submit(post asked) {
  if (!link_.up() || !queue_.admit(std::move(asked), steady_clock::now())) {
    return false;
  }
  pump_later();
  return true;
}

// Behind all that is ready in this turn of the loop: the requests of one turn make one batch.
void writer::pump_later() {
  if (std::exchange(pump_posted_, true)) {
    return;
  }
  boost::asio::post(io_, [this] {
    pump_posted_ = false;
    pump();
  });
}

void writer::pump() {
  const auto now = steady_clock::now();
  give_up(queue_.expire(now), post_outcome::kind::busy);
  if (!link_.up()) {
    return;
  }
  if (!queue_.in_flight()) {
    switch (queue_.next(now)) {
      case write_queue::step::nothing:
        break;
      case write_queue::step::give_back:
        link_.add({sql::unlock_all.name, {}});
        link_.close(give_back_token);
        break;
      case write_queue::step::batch:
        ++counted_.batches;
        counted_.lock_waits += queue_.current().waited.size();
        counted_.rows.Observe(static_cast<double>(queue_.current().rows.size()));
        since_ = now;
        sent_ = statements_of(queue_.current());
        for (const statement& one : sent_.group) {
          link_.add(one);
        }
        link_.close(batch_token);
        break;
    }
  }
  if (const auto due = queue_.wake()) {
    wake_.expires_at(std::max(*due, now + std::chrono::milliseconds(1)));
    wake_.async_wait([this](const boost::system::error_code& cancelled) {
      if (!cancelled) {
        pump();
      }
    });
  }
}

void writer::on_up() {
  ops::log_info("postgres writer up");
  pump_later();
}

void writer::on_group(std::uint64_t token, group_result answer) {
  if (token == give_back_token) {
    queue_.finished();
    pump();
  } else if (answer.failure) {
    failed(*answer.failure);
  } else {
    committed(answer);
  }
}

void writer::failed(const group_result::failure_of& failure) {
  if (failure.sqlstate == lock_not_available && sent_.wait == failure.statement) {
    ++counted_.lock_timeouts;
    queue_.wait_timed_out(steady_clock::now());
  } else {
    ++counted_.failed_batches;
    ops::log_warn("batch failed", {{"rows", queue_.current().rows.size()},
                                   {"statement", failure.statement},
                                   {"sqlstate", failure.sqlstate},
                                   {"why", failure.message}});
    if (auto row = queue_.failed()) {
      owner_.on_post(row->ticket, {});
    }
  }
  pump();
}

// Everything in `answer` is durable now. Rows that were stored wait for Redis, the others are answered.
void writer::committed(const group_result& answer) {
  const auto now = steady_clock::now();
  ++counted_.commits;
  counted_.commit_seconds.Observe(std::chrono::duration<double>(now - since_).count());
  since_ = now;
  const batch_outcome outcome = outcome_of(queue_.current(), sent_, answer.results);
  std::vector<publisher::item> publishes;
  for (std::size_t place : queue_.committed(outcome.had, now)) {
    const post& asked = queue_.current().rows[place];
    const stored_row& row = outcome.rows[place];
    if (row.what == stored_row::kind::none) {
      owner_.on_post(asked.ticket, {post_outcome::kind::absent, 0, {}});
      continue;
    }
    if (row.what == stored_row::kind::key_known && row.first_body != asked.body) {
      owner_.on_post(asked.ticket, {post_outcome::kind::key_reused, 0, {}});
      continue;
    }
    post_outcome ended{post_outcome::kind::stored, row.id, {}};
    append_json(ended.json, message{row.id, asked.chat, asked.sender, row.recipient, asked.body, row.created_at});
    if (row.what == stored_row::kind::key_known) {
      ended.what = post_outcome::kind::key_known;
      owner_.on_post(asked.ticket, std::move(ended));
      continue;
    }
    publishes.push_back({std::string(row.recipient), "m" + ended.json});
    stored_.emplace_back(asked.ticket, std::move(ended));
  }
  counted_.stored += stored_.size();
  publishing_ = publisher_.publish(std::move(publishes));
  if (!publishing_) {
    batch_over();
  }
}

// Redis has answered, or its link was given up: the next batch may be sent and the 201s go out. What already waits is
// sent first, so that PostgreSQL works on it while the answers are written.
void writer::batch_over() {
  if (std::exchange(publishing_, false)) {
    counted_.publish_seconds.Observe(std::chrono::duration<double>(steady_clock::now() - since_).count());
  }
  auto answered = std::exchange(stored_, {});
  queue_.finished();
  if (queue_.waiting() > 0) {
    pump();
  }
  for (auto& [ticket, ended] : answered) {
    owner_.on_post(ticket, std::move(ended));
  }
  pump_later();
}

void writer::on_down(std::string_view why) {
  ops::log_warn("postgres writer down", {{"why", why}, {"waiting", queue_.waiting()}});
  // A batch that Redis is still answering is committed: its end does not depend on this connection.
  if (queue_.in_flight() && !publishing_) {
    counted_.unknown += queue_.current().rows.size();
    give_up(queue_.lost(), post_outcome::kind::unknown);
  }
  give_up(queue_.drop_all(), post_outcome::kind::refused);
}

void writer::give_up(std::vector<post> rows, post_outcome::kind what) {
  for (const post& row : rows) {
    owner_.on_post(row.ticket, {what, 0, {}});
  }
}

}  // namespace api

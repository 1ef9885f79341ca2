#include "reference-server/api/postgres_session.hpp"

#include "reference-server/schema/schema.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace api {
namespace {

using boost::system::error_code;

constexpr int binary = 1;  // the form of results
constexpr std::chrono::milliseconds tick_period{250};
constexpr std::chrono::seconds answer_within{5};
constexpr std::uint64_t set_up_token = ~std::uint64_t{0};

void drop_notice(void*, const PGresult*) {}

std::string one_line(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) {
    text.remove_suffix(1);
  }
  std::string line(text);
  for (char& c : line) {
    c = c == '\n' ? ' ' : c;
  }
  return line;
}

}  // namespace

postgres_session::postgres_session(boost::asio::io_context& io, const postgres_settings& settings, session_owner& owner)
    : settings_(settings),
      owner_(&owner),
      descriptor_(io.get_executor()),
      ticker_(io.get_executor()),
      last_progress_(steady_clock::now()) {}

postgres_session::~postgres_session() {
  abandon();
}

void postgres_session::abandon() {
  owner_ = nullptr;
  ticker_.cancel();
  if (descriptor_.is_open()) {
    descriptor_.release();  // libpq closes it
  }
  if (connection_ != nullptr) {
    PQfinish(std::exchange(connection_, nullptr));
  }
}

std::string postgres_session::error_text() const {
  return connection_ == nullptr ? "out of memory" : one_line(PQerrorMessage(connection_));
}

void postgres_session::lose(std::string_view why) {
  if (owner_ != nullptr) {
    const std::string reason(why);
    session_owner* owner = owner_;
    abandon();
    owner->session_lost(reason);
  }
}

void postgres_session::open() {
  connection_ = PQconnectStart(settings_.conninfo.c_str());
  tick();
  if (connection_ == nullptr || PQstatus(connection_) == CONNECTION_BAD) {
    lose(error_text());
    return;
  }
  PQsetNoticeReceiver(connection_, drop_notice, nullptr);
  wait_to_poll(descriptor_.wait_write);
}

void postgres_session::wait_to_poll(descriptor::wait_type what) {
  error_code failed;
  descriptor_.assign(PQsocket(connection_), failed);
  if (failed) {
    lose(error_text());
    return;
  }
  auto ready = [self = shared_from_this()](const error_code& stopped) {
    if (!stopped && self->owner_ != nullptr) {
      self->poll_connect();
    }
  };
  descriptor_.async_wait(what, std::move(ready));
}

void postgres_session::poll_connect() {
  descriptor_.release();  // the poll may close this socket and open another with the same number
  switch (PQconnectPoll(connection_)) {
    case PGRES_POLLING_READING:
      return wait_to_poll(descriptor_.wait_read);
    case PGRES_POLLING_WRITING:
      return wait_to_poll(descriptor_.wait_write);
    case PGRES_POLLING_OK:
      break;
    default:
      return lose(error_text());
  }
  error_code failed;
  descriptor_.assign(PQsocket(connection_), failed);
  failed ? lose(error_text()) : set_up();
}

// Two groups: the session and the schema, then the statements, which need the tables.
void postgres_session::set_up() {
  last_progress_ = steady_clock::now();
  if (PQsetnonblocking(connection_, 1) != 0 || PQenterPipelineMode(connection_) != 1) {
    lose(error_text());
    return;
  }
  // jit: plans that avoid a disabled method look dear enough to be compiled, for a second.
  const std::string name_and_text =
      "SELECT set_config('TimeZone', 'UTC', false), set_config('DateStyle', 'ISO', false), "
      "set_config('jit', 'off', false), "
      "set_config('client_encoding', 'UTF8', false), set_config('application_name', '" +
      settings_.application_name + "', false)";
  bool sent = PQsendQueryParams(connection_, name_and_text.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 0) == 1 &&
              PQsendQueryParams(connection_, schema::create_or_check, 0, nullptr, nullptr, nullptr, nullptr, 0) == 1;
  if (sent && !settings_.session.empty()) {
    sent = PQsendQueryParams(connection_, settings_.session.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 0) == 1;
  }
  if (sent) {
    close(set_up_token);
  }
  for (const prepared& one : settings_.statements) {
    sent = sent && PQsendPrepare(connection_, one.name, one.sql, 0, nullptr) == 1;
  }
  if (!sent) {
    lose(error_text());
    return;
  }
  close(set_up_token);
  wait_readable();
}

void postgres_session::set_up_answered(const group_result& answer) {
  if (answer.failure) {
    if (answer.failure->sqlstate == schema::unknown_version) {
      session_owner* owner = owner_;
      abandon();
      owner->session_unusable(answer.failure->message);
    } else {
      lose(answer.failure->message);
    }
  } else if (groups_.empty()) {
    ready_ = true;
    owner_->session_up();
  }
}

void postgres_session::add(const statement& one) {
  values_.clear();
  for (const std::string& parameter : one.parameters) {
    values_.push_back(parameter.c_str());
  }
  // When it fails, the socket is broken: the group counts as sent, and its end comes with the loss.
  PQsendQueryPrepared(connection_, one.name, static_cast<int>(values_.size()), values_.data(), nullptr, nullptr,
                      binary);
}

void postgres_session::close(std::uint64_t token) {
  if (groups_.empty()) {
    last_progress_ = steady_clock::now();
  }
  groups_.push_back({token, {}});
  if (PQpipelineSync(connection_) != 1) {
    auto broken = [self = shared_from_this()] { self->lose(self->error_text()); };
    boost::asio::post(descriptor_.get_executor(), std::move(broken));
    return;
  }
  flush_later();
}

void postgres_session::flush_later() {
  if (flush_posted_ || waiting_writable_) {
    return;
  }
  flush_posted_ = true;
  auto flush_now = [self = shared_from_this()] {
    self->flush_posted_ = false;
    if (self->owner_ != nullptr) {
      self->flush();
    }
  };
  boost::asio::post(descriptor_.get_executor(), std::move(flush_now));
}

void postgres_session::flush() {
  const int left = PQflush(connection_);
  if (left < 0) {
    lose(error_text());
  } else if (left > 0) {
    waiting_writable_ = true;
    auto writable = [self = shared_from_this()](const error_code& failed) {
      self->waiting_writable_ = false;
      if (!failed && self->owner_ != nullptr) {
        self->flush();
      }
    };
    descriptor_.async_wait(descriptor_.wait_write, std::move(writable));
  }
}

void postgres_session::wait_readable() {
  auto readable = [self = shared_from_this()](const error_code& failed) {
    if (failed || self->owner_ == nullptr) {
      return;
    }
    if (self->read_available()) {
      self->wait_readable();
    }
  };
  descriptor_.async_wait(descriptor_.wait_read, std::move(readable));
}

// Reads and hands on what has arrived. False when the session is over.
bool postgres_session::read_available() {
  if (PQconsumeInput(connection_) != 1) {
    lose(error_text());
    return false;
  }
  while (owner_ != nullptr && !groups_.empty() && PQisBusy(connection_) == 0) {
    if (result answered{PQgetResult(connection_)}; answered != nullptr && !take(std::move(answered))) {
      return false;
    }
  }
  if (owner_ != nullptr && PQstatus(connection_) == CONNECTION_BAD) {
    lose(error_text());
  }
  return owner_ != nullptr;
}

bool postgres_session::take(result answered) {
  last_progress_ = steady_clock::now();
  open_group& group = groups_.front();
  switch (PQresultStatus(answered.get())) {
    case PGRES_PIPELINE_SYNC: {
      open_group ended = std::move(group);
      groups_.pop_front();
      if (ended.token == set_up_token) {
        set_up_answered(ended.answer);
      } else {
        owner_->session_group(ended.token, std::move(ended.answer));
      }
      return owner_ != nullptr;
    }
    case PGRES_TUPLES_OK:
    case PGRES_COMMAND_OK:
      if (group.token == set_up_token || !owner_->session_result(group.token, answered)) {
        group.answer.results.push_back(std::move(answered));
      }
      return owner_ != nullptr;
    case PGRES_PIPELINE_ABORTED:
      return true;
    default:
      if (!group.answer.failure) {
        const char* state = PQresultErrorField(answered.get(), PG_DIAG_SQLSTATE);
        const char* text = PQresultErrorField(answered.get(), PG_DIAG_MESSAGE_PRIMARY);
        group.answer.failure = {group.answer.results.size(), state == nullptr ? "" : state,
                                one_line(text == nullptr ? PQresultErrorMessage(answered.get()) : text)};
      }
      return true;
  }
}

void postgres_session::tick() {
  const auto due = steady_clock::now() + tick_period;
  ticker_.expires_at(due);
  auto ticked = [self = shared_from_this(), due](const error_code& failed) {
    if (failed || self->owner_ == nullptr) {
      return;
    }
    // After a pause of this process the loop first reads what arrived meanwhile.
    if (steady_clock::now() < due + tick_period) {
      self->judge();
    }
    if (self->owner_ != nullptr) {
      self->tick();
    }
  };
  ticker_.async_wait(std::move(ticked));
}

void postgres_session::judge() {
  const bool connecting = PQpipelineStatus(connection_) == PQ_PIPELINE_OFF;
  if (!connecting && !read_available()) {
    return;
  }
  if ((connecting || !groups_.empty()) && steady_clock::now() - last_progress_ >= answer_within) {
    lose(connecting ? "cannot connect: no answer" : "no answer for 5 s");
  }
}

}  // namespace api

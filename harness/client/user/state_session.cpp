// How a user gets its session: a log-in step by step, or what an earlier run has kept.
#include "harness/client/target/secret_name.hpp"
#include "harness/client/user/state.hpp"
#include "harness/client/user/step_run.hpp"

#include <boost/asio/post.hpp>

#include <chrono>
#include <utility>

namespace client {

user::state::~state() {
  keep_session();  // cookies may have changed since the log-in
}

void user::state::take_kept_session() {
  kept_as_ = session_store::name_of(target->users, *own);
  const auto now = jwt::wall_now();
  const kept_session* kept = options.sessions->find(kept_as_, now);
  if (kept == nullptr) return;
  for (const auto& [name, value] : kept->values) own->set(name, value);
  cookies.restore(kept->cookies);
  session = session_is::in;
  signed_up_ = true;
  ++sessions_;
  session_ends_ = clock::now() + (kept->ends - now);
  name_user();
}

void user::state::keep_session() {
  if (!options.sessions || session == session_is::under_way) return;
  if (session == session_is::none || !session_ends_) return options.sessions->forget(kept_as_);
  kept_session kept;
  for (const http_steps* steps : {&target->users.sign_up, &target->login.steps}) {
    for (const http_step& step : *steps) {
      for (const capture& each : step.takes) {
        if (const variable* value = own->find(each.name)) kept.values.emplace_back(each.name, *value);
      }
    }
  }
  kept.cookies = cookies.all();
  kept.ends = jwt::wall_now() + std::chrono::floor<std::chrono::seconds>(*session_ends_ - clock::now());
  options.sessions->keep(kept_as_, std::move(kept));
}

std::vector<std::string> user::state::secrets() const {
  std::vector<std::string> out;
  const auto keep = [&](std::string_view name) {
    const variable* value = own->find(name);
    const bool word =
        value == nullptr || (value->bare && (value->text == "true" || value->text == "false" || value->text == "null"));
    if (!word && value->text != id && value->text != given) out.push_back(value->text);
  };
  for (const http_steps* steps : {&target->users.sign_up, &target->login.steps}) {
    for (const http_step& step : *steps) {
      for (const capture& each : step.takes) keep(each.name);
    }
  }
  for (const auto& [name, value] : own->all()) {
    if (names_a_secret(name)) keep(name);
  }
  for (const auto& [name, value] : cookies.all()) out.push_back(value);
  return out;
}

void user::state::log_in(std::function<void(const std::string&)> done) {
  if (session == session_is::in) {
    asio::post(io, [weak = weak_from_this(), done = std::move(done)] {
      if (weak.lock()) done("");
    });
    return;
  }
  waiting_.push_back(std::move(done));
  if (session == session_is::under_way) return;
  session = session_is::under_way;
  const time_point now = clock::now();
  const time_point when = options.pace ? options.pace->reserve(now) : now;
  if (when <= now) return begin_login();
  pause_.emplace(io, when);
  pause_->async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
    const auto self = weak.lock();
    if (!error && self) self->begin_login();
  });
}

void user::state::begin_login() {
  const auto log_in_now = [weak = weak_from_this()](const std::string& problem) {
    const auto self = weak.lock();
    if (!self) return;
    if (!problem.empty()) return self->end_login(problem);
    self->signed_up_ = true;
    if (!self->target->login.needs_requests()) return self->end_login("");
    self->cookies.clear();
    run_steps({.self = self, .steps = &self->target->login.steps, .into = self->own, .bare = true},
              [weak](const step_outcome& out) {
                const auto alive = weak.lock();
                if (!alive) return;
                if (!out.problem.empty()) alive->login_answer = out.last;
                alive->end_login(out.problem);
              });
  };
  if (signed_up_) return log_in_now("");
  run_steps({.self = shared_from_this(), .steps = &target->users.sign_up, .into = own, .bare = true},
            [log_in_now, weak = weak_from_this()](const step_outcome& out) {
              const auto alive = weak.lock();
              if (alive && !out.problem.empty()) alive->login_answer = out.last;
              // A conflict that the file expects says that it was there before.
              if (alive && out.problem.empty() && out.last.status < 400) alive->tell_of_registration();
              log_in_now(out.problem);
            });
}

void user::state::end_login(const std::string& problem) {
  session = problem.empty() ? session_is::in : session_is::none;
  if (problem.empty()) {
    ++sessions_;
    if (target->login.by == login_description::kind::jwt) {
      token.clear();
      own_token();
    }
    name_user();
    if (target->login.lifetime) session_ends_ = clock::now() + *target->login.lifetime;
  }
  keep_session();
  const auto self = shared_from_this();  // a callback may destroy the user
  for (const auto& done : std::exchange(waiting_, {})) done(problem);
}

}  // namespace client

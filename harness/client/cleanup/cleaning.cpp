#include "harness/client/cleanup/cleaning.hpp"

#include "harness/client/http/pool.hpp"
#include "harness/client/loop.hpp"
#include "harness/client/transport/network.hpp"
#include "harness/client/user/user.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <tuple>
#include <utility>

namespace client::cleanup {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t at_once = 16;
constexpr int most_silences = 3;  // after which the target is taken to be away

bool captured_by(const http_steps& steps, std::string_view name) {
  return std::ranges::any_of(steps, [&](const http_step& step) {
    return std::ranges::any_of(step.takes, [&](const capture& each) { return each.name == name; });
  });
}

bool is_about_chat(const target& target, const http_step& step) {
  if (step.as_peer) return true;
  const auto all = step.slots();
  return std::ranges::any_of(all, [&](const slot& each) {
    if (each.from == space::chat || each.from == space::peer) return true;
    return each.from == space::own && target.rest && captured_by(target.rest->create_chat.steps, each.name) &&
           !captured_by(target.login.steps, each.name);
  });
}

bool wants_peer(const http_steps& steps) {
  return std::ranges::any_of(steps, [](const http_step& step) {
    const auto all = step.slots();
    return step.as_peer || std::ranges::count(all, space::peer, &slot::from) > 0;
  });
}

// The lower one where both are declared.
std::optional<double> login_rate(const target& target) {
  std::optional<double> out = target.login.pace;
  if (target.allow && target.allow->max_logins) out = std::min(out.value_or(1e9), *target.allow->max_logins);
  return out;
}

using who = std::pair<std::string, std::uint64_t>;

class cleaner {
 public:
  cleaner(const target& target, std::vector<created_thing> things, const options& options)
      : target_(std::make_shared<const client::target>(target)),
        options_(options),
        things_(std::move(things)),
        plan_(plan_of(target)),
        sessions_(session_store::of(target)),
        removed_(things_.size()) {
    transport::use(io_, options.connections);
    pool_ = std::make_shared<http::pool>(io_, target.base_urls, at_once);
    if (const auto rate = login_rate(target)) logins_ = std::make_shared<login_pace>(*rate);
    if (target.allow && target.allow->max_rate) {
      pause_ = std::chrono::duration_cast<clock::duration>(std::chrono::duration<double>(1 / *target.allow->max_rate));
    }
  }

  outcome go() {
    if (!plan_.of_chat.empty()) remove_chats();
    if (!plan_.of_user.empty()) remove_users();
    for (std::size_t i = 0; i < things_.size(); ++i) {
      if (!removed_[i]) out_.left.push_back(things_[i]);
    }
    out_.unreachable = out_.unreachable || (silences_ > 0 && !answered_);
    return std::move(out_);
  }

 private:
  // A row of the target's users is one user, whatever the run called it.
  who key_of(const maker& one) const {
    if (target_->users.from != users_description::kind::generated) return {"", one.row};
    return {one.name, one.row};
  }

  bool over() const { return out_.unreachable || clock::now() >= options_.limit || (options_.stop && options_.stop()); }

  // Runs `start` for each index, some at once, until it is over. A job is given up with the rest when its time has
  // come.
  void run(std::size_t count, const std::function<void(std::size_t)>& start) {
    std::size_t next = 0;
    while ((next < count || under_way_ > 0) && !over()) {
      while (next < count && under_way_ < at_once) {
        ++under_way_;
        start(next++);
      }
      const auto before = under_way_;
      pump(
          io_, [&] { return under_way_ < before; }, clock::now() + 50ms);
    }
  }

  // Calls `then` when the file's rate lets these steps through. Asked after the log-in, however long that took: those
  // who waited for one do not all begin at once.
  void when_allowed(const http_steps& steps, std::function<void()> then) {
    if (pause_ == clock::duration::zero()) return then();
    const time_point when = std::max(clock::now(), next_steps_);
    next_steps_ = when + pause_ * steps.size();
    const auto wait = std::make_shared<timer>(io_, when);
    wait->async_wait([wait, then = std::move(then)](const boost::system::error_code& error) {
      if (!error) then();
    });
  }

  void remove_chats() {
    std::vector<std::size_t> chats;
    for (std::size_t i = 0; i < things_.size(); ++i) {
      if (things_[i].is == created_thing::kind::chat) chats.push_back(i);
    }
    run(chats.size(), [&](std::size_t n) { remove_chat(chats[n]); });
    forget_jobs();
  }

  // Those whom the run registered, and where no step is about a chat those who made one. A user without whom a chat
  // could not be removed any more stays.
  void remove_users() {
    std::set<who> needed;
    std::map<who, std::vector<std::size_t>> by_user;
    for (std::size_t i = 0; i < things_.size(); ++i) {
      const created_thing& thing = things_[i];
      if (thing.is == created_thing::kind::user || plan_.of_chat.empty()) {
        by_user[key_of(thing.by)].push_back(i);
      } else if (!removed_[i]) {
        needed.insert(key_of(thing.by));
        if (thing.peer) needed.insert(key_of(*thing.peer));
      }
    }
    std::vector<std::vector<std::size_t>> jobs;
    for (auto& [user, things] : by_user) {
      if (!needed.contains(user)) jobs.push_back(std::move(things));
    }
    run(jobs.size(), [&](std::size_t n) { remove_all_of(jobs[n]); });
    forget_jobs();
  }

  // What is still on its way must not call back into what comes next.
  void forget_jobs() {
    ++round_;
    under_way_ = 0;
  }

  user& user_of(const maker& one) {
    auto& slot = users_[key_of(one)];
    if (slot) return *slot;
    user_options how{.pool = pool_, .agent = options_.agent, .row = one.row, .pace = logins_, .sessions = sessions_};
    const auto made = std::ranges::find_if(things_, [&](const created_thing& each) {
      return each.is == created_thing::kind::user && key_of(each.by) == key_of(one);
    });
    if (made != things_.end()) {
      variables& captured = how.registered.emplace();
      for (const auto& [name, value] : made->captured) captured.set(name, value);
    }
    slot = std::make_unique<user>(io_, target_, one.name, std::move(how));
    return *slot;
  }

  // Calls `then` once this user has a session and is who it was, else `finish`.
  void be(const maker& one, bool known_by_id, std::function<void()> then,
          std::function<void(const cleanup_outcome&)> finish) {
    user& account = user_of(one);
    account.log_in(
        [&account, one, known_by_id, then = std::move(then), finish = std::move(finish)](const std::string& problem) {
          if (!problem.empty()) {
            return finish({.problem = fmt::format("user {} could not log in: {}", one.id, problem),
                           .answered = account.login_answer().answered()});
          }
          if (known_by_id && account.id() != one.id) {
            return finish({.problem = fmt::format("the user who was {} logs in as {} now", one.id, account.id())});
          }
          then();
        });
  }

  void remove_chat(std::size_t index) {
    const created_thing& thing = things_[index];
    const auto chat = std::make_shared<variables>();
    for (const auto& [name, value] : thing.captured) chat->set(name, value);
    chat->set("id", thing.id);
    const bool both = thing.peer && wants_peer(plan_.of_chat);
    const auto finish = [this, index, round = round_](const cleanup_outcome& how) { end({index}, how, round); };
    const auto act = [this, &thing, chat, both, finish] {
      user* peer = both ? &user_of(*thing.peer) : nullptr;
      when_allowed(plan_.of_chat, [this, &thing, chat, peer, finish] {
        user_of(thing.by).clean_up(plan_.of_chat, chat, peer, finish);
      });
    };
    const auto act_with_both = [this, &thing, act, finish] { be(*thing.peer, true, act, finish); };
    be(thing.by, true, both ? std::function<void()>(act_with_both) : std::function<void()>(act), finish);
  }

  void remove_all_of(const std::vector<std::size_t>& indices) {
    const maker& one = things_[indices.front()].by;
    // A registration was told of before the log-in that tells the id.
    const bool known = things_[indices.front()].is == created_thing::kind::chat;
    const auto finish = [this, indices, round = round_](const cleanup_outcome& how) { end(indices, how, round); };
    const auto act = [this, &one, finish] {
      when_allowed(plan_.of_user,
                   [this, &one, finish] { user_of(one).clean_up(plan_.of_user, nullptr, nullptr, finish); });
    };
    be(one, known, act, finish);
  }

  void end(const std::vector<std::size_t>& indices, const cleanup_outcome& how, int round) {
    if (round == round_) --under_way_;
    if (!how.problem.empty()) {
      if (out_.why.empty()) out_.why = how.problem;
      silences_ = how.answered ? 0 : silences_ + 1;
      answered_ = answered_ || how.answered;
      out_.unreachable = out_.unreachable || silences_ >= most_silences;
      return;
    }
    answered_ = true;
    silences_ = 0;
    for (const std::size_t index : indices) {
      if (removed_[index]) continue;
      removed_[index] = true;
      out_.removed.push_back(things_[index]);
      if (how.gone) ++out_.gone;
      if (options_.on_removed) options_.on_removed(things_[index]);
    }
    if (options_.on_progress) options_.on_progress(out_.removed.size(), things_.size());
  }

  std::shared_ptr<const client::target> target_;
  const options& options_;
  std::vector<created_thing> things_;
  plan plan_;
  asio::io_context io_{1};
  std::shared_ptr<http::pool> pool_;
  std::shared_ptr<login_pace> logins_;
  std::shared_ptr<session_store> sessions_;
  clock::duration pause_{};  // between two requests
  time_point next_steps_{};  // when the next ones may begin
  std::map<who, std::unique_ptr<user>> users_;
  std::vector<bool> removed_;
  std::size_t under_way_ = 0;
  int round_ = 0;
  int silences_ = 0;  // since the last answer
  bool answered_ = false;
  outcome out_;
};

}  // namespace

plan plan_of(const target& target) {
  plan out;
  for (const http_step& step : target.cleanup)
    (is_about_chat(target, step) ? out.of_chat : out.of_user).push_back(step);
  return out;
}

outcome clean(const target& target, std::vector<created_thing> things, const options& options) {
  return cleaner(target, std::move(things), options).go();
}

}  // namespace client::cleanup

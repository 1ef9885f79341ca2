// What a worker does before its load begins: makes the chats, and lets in everybody who belongs there at the start.
#include "loadgen/users/worker.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace loadgen {

namespace {

using namespace std::chrono_literals;
using client::clock;

constexpr std::uint32_t chat_attempts = 3;

}  // namespace

// Where a login is a matter of requests, everybody has a session before the first chat is made.
bool worker::log_in_all() {
  const auto rows = target_->users.rows;
  if (rows && *rows < plan_.users) {
    tell(failed_report{fmt::format("the target file has {} users, {} are asked for", *rows, plan_.users)});
    return false;
  }
  if (!target_->login.needs_requests() && target_->users.sign_up.empty()) return true;
  std::size_t next = 0;
  std::size_t under_way = 0;
  std::size_t in = 0;
  std::string failure;
  auto told = clock::now();
  while (in < users_.size() && failure.empty() && !stopped_) {
    while (next < users_.size() && under_way < plan_.connections) {
      ++under_way;
      users_[next++]->account().log_in([&](const std::string& problem) {
        --under_way;
        ++in;
        if (!problem.empty() && failure.empty()) failure = "a user could not log in: " + problem;
      });
    }
    const auto before = in;
    turn_until([&] { return in > before; }, clock::now() + 100ms);
    if (clock::now() - told > 500ms) {
      told = clock::now();
      tell(phase_report{"logging in", in, users_.size()});
    }
  }
  // Nothing may call back into this frame.
  while (under_way > 0) turn_until([&] { return under_way == 0; }, clock::now() + 1s);
  if (failure.empty()) return true;
  tell(failed_report{failure});
  return false;
}

bool worker::make_chats() {
  std::size_t next = 0;
  std::size_t under_way = 0;
  std::size_t made = 0;
  std::string failure;
  std::vector<std::uint32_t> attempts(crowd_->chats.size());
  std::function<void(std::size_t)> make = [&](std::size_t index) {
    shared_chat& chat = crowd_->chats[index];
    ++under_way;
    ++attempts[index];
    user(chat.a).account().create_chat(user(chat.b).account(), [&, index](const client::reply<client::chat>& reply) {
      --under_way;
      if (reply.ok()) {
        crowd_->chats[index].id = reply.value->id;
        ++made;
      } else if (attempts[index] < chat_attempts) {
        make(index);
      } else if (failure.empty()) {
        failure = fmt::format("a chat could not be made: {}", reply.summary());
      }
    });
  };
  const auto began = clock::now();
  auto told = began;
  while (made < crowd_->chats.size() && failure.empty() && !stopped_) {
    const auto now = clock::now();
    const double allowed = plan_.requests_per_second > 0
                               ? plan_.requests_per_second * std::chrono::duration<double>(now - began).count() + 1
                               : 1e18;
    while (next < crowd_->chats.size() && under_way < plan_.connections && static_cast<double>(next) < allowed) {
      make(next++);
    }
    turn_until([&] { return under_way == 0 && next == crowd_->chats.size(); }, now + 10ms);
    if (clock::now() - told > 500ms) {
      told = clock::now();
      tell(phase_report{"making chats", made, crowd_->chats.size()});
    }
  }
  // Nothing may call back into this frame.
  while (under_way > 0) turn_until([&] { return under_way == 0; }, clock::now() + 1s);
  if (failure.empty()) return true;
  tell(failed_report{failure});
  return false;
}

void worker::connect_first() {
  const auto first = schedule_.first_users();
  const auto began = clock::now();
  auto told = began;
  // What is on its way at once: enough to be quick, few enough to leave no crowd before the target's door.
  constexpr std::size_t at_once = 200;
  std::size_t next = 0;
  while (next < first.size() && !stopped_) {
    const auto now = clock::now();
    const double allowed = plan_.connects_per_second > 0
                               ? plan_.connects_per_second * std::chrono::duration<double>(now - began).count() + 1
                               : 1e18;
    while (next < first.size() && next < crowd_->online + at_once && static_cast<double>(next) < allowed) {
      user(first[next++]).come(clock::now());
    }
    turn_until([] { return false; }, now + 10ms);
    // A target that lets nobody in must not hold us here for ever.
    if (next >= crowd_->online + at_once && now - began > plan_.patience + std::chrono::milliseconds(next)) break;
    if (now - told > 500ms) {
      told = now;
      tell(phase_report{"connecting", crowd_->online, first.size()});
    }
  }
  while (next < first.size()) user(first[next++]).come(clock::now());
  turn_until([&] { return crowd_->online >= first.size(); }, clock::now() + plan_.patience);
  turn_until([&] { return crowd_->pool->pending() == 0; }, clock::now() + plan_.patience);
  tell(ready_report{crowd_->online});
}

}  // namespace loadgen

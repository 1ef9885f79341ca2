#include "loadgen/plan/schedule.hpp"

#include <algorithm>

namespace loadgen {

namespace {

enum purpose : std::uint64_t { for_arrivals = 1, for_choices = 2, for_presence = 3 };

constexpr std::chrono::nanoseconds never = std::chrono::nanoseconds::max();

}  // namespace

cell_schedule::cell_schedule(const cell& of, std::uint32_t cells, const load_shape& shape)
    : cell_(of),
      shape_(shape),
      arrivals_(shape.kind, shape.rate, of.number, cells, random_stream(shape.seed, of.number, for_arrivals)),
      choices_(shape.seed, of.number, for_choices),
      presence_(shape.seed, of.number, for_presence),
      places_(of.users, of.users) {
  // Coming and going is an alternating renewal process in its steady state: with exponential times the rest of the
  // first one is distributed like a whole one.
  for (std::uint32_t user = cell_.first_user; user < cell_.first_user + cell_.users; ++user) {
    if (presence_.share() < shape_.online) {
      first_.push_back(user);
      set_there(user, true);
    }
    plan_toggle(user, std::chrono::nanoseconds(0));
  }
}

void cell_schedule::plan_toggle(std::uint32_t user, std::chrono::nanoseconds from) {
  if (shape_.session.count() == 0 || shape_.online <= 0 || shape_.online >= 1) return;
  const bool there = places_[user - cell_.first_user] < cell_.users;
  // online = there / (there + away) gives the mean time away.
  const double mean = std::chrono::duration<double, std::nano>(shape_.session).count() *
                      (there ? 1 : (1 - shape_.online) / shape_.online);
  toggles_.push({from + std::chrono::nanoseconds(static_cast<std::int64_t>(presence_.exponential(mean))), user});
}

void cell_schedule::set_there(std::uint32_t user, bool there) {
  std::uint32_t& place = places_[user - cell_.first_user];
  if (there) {
    place = static_cast<std::uint32_t>(there_.size());
    there_.push_back(user);
  } else {
    there_[place] = there_.back();
    places_[there_[place] - cell_.first_user] = place;
    there_.pop_back();
    place = cell_.users;
  }
}

std::chrono::nanoseconds cell_schedule::next_at() const {
  return std::min(arrivals_.next(), toggles_.empty() ? never : toggles_.top().at);
}

planned cell_schedule::next() {
  if (!toggles_.empty() && toggles_.top().at <= arrivals_.next()) {
    const toggle due = toggles_.top();
    toggles_.pop();
    const bool comes = places_[due.user - cell_.first_user] == cell_.users;
    set_there(due.user, comes);
    plan_toggle(due.user, due.at);
    return {due.at, comes ? planned::what::come : planned::what::leave, due.user, 0};
  }
  planned send{arrivals_.next(), planned::what::send, 0, 0};
  arrivals_.advance();
  send.user = there_.empty() ? cell_.first_user + choices_.below(cell_.users)
                             : there_[choices_.below(static_cast<std::uint32_t>(there_.size()))];
  const auto chats = cell_.chats_of(send.user);
  send.chat = chats[choices_.below(static_cast<std::uint32_t>(chats.size()))];
  return send;
}

schedule::schedule(const std::vector<cell>& own, std::uint32_t cells, const load_shape& shape) {
  for (const cell& each : own) {
    cells_.emplace_back(each, cells, shape);
    heads_.push({cells_.back().next_at(), cells_.size() - 1});
  }
}

std::vector<std::uint32_t> schedule::first_users() const {
  std::vector<std::uint32_t> all;
  for (const auto& each : cells_) all.insert(all.end(), each.first_users().begin(), each.first_users().end());
  return all;
}

planned schedule::next() {
  const std::size_t cell = heads_.top().cell;
  heads_.pop();
  const planned due = cells_[cell].next();
  heads_.push({cells_[cell].next_at(), cell});
  return due;
}

}  // namespace loadgen

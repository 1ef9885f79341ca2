#include "reference-server/api/write_queue.hpp"

#include <algorithm>
#include <utility>

namespace api {

bool write_queue::admit(post waiting, time_point now) {
  if (waiting_ >= most_waiting) {
    return false;
  }
  ++waiting_;
  waiting.arrived = now;
  if (const auto stuck = stuck_.find(waiting.chat); stuck != stuck_.end()) {
    stuck->second.last_row = now;
    stuck->second.rows.push_back(std::move(waiting));
    ++stuck_rows_;
  } else {
    queue_.push_back(std::move(waiting));
  }
  return true;
}

write_queue::step write_queue::next(time_point now) {
  current_ = {};
  while (take_piece()) {
    if (!current_.rows.empty()) {
      break;
    }
  }
  if (current_.rows.empty()) {
    if (stuck_rows_ > 0 && now >= next_try_) {
      take_stuck(now);
    }
    take_waiting();
  }
  if (current_.rows.empty()) {
    in_flight_ = std::exchange(locks_held_, false);
    return in_flight_ ? step::give_back : step::nothing;
  }
  waiting_ -= current_.rows.size();
  choose_locks();
  in_flight_ = true;
  locks_held_ = true;
  return step::batch;
}

// Makes the next half of a failed batch the current one, without the rows whose chat has become stuck.
bool write_queue::take_piece() {
  if (pieces_.empty()) {
    return false;
  }
  for (post& row : pieces_.front()) {
    if (const auto stuck = stuck_.find(row.chat); stuck != stuck_.end()) {
      stuck->second.rows.push_back(std::move(row));
      ++stuck_rows_;
    } else {
      current_.rows.push_back(std::move(row));
    }
  }
  pieces_.pop_front();
  return true;
}

// One row of each stuck chat: enough to find out whether its lock can be had.
void write_queue::take_stuck(time_point now) {
  next_try_ = now + try_every;
  for (auto& [chat, stuck] : stuck_) {
    if (!stuck.rows.empty() && current_.rows.size() < most_rows) {
      current_.rows.push_back(std::move(stuck.rows.front()));
      stuck.rows.pop_front();
      --stuck_rows_;
    }
  }
}

void write_queue::take_waiting() {
  while (!queue_.empty() && current_.rows.size() < most_rows) {
    current_.rows.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
}

void write_queue::choose_locks() {
  for (const post& row : current_.rows) {
    (refused_.contains(row.chat) ? current_.waited : current_.tried).push_back(row.chat);
  }
  for (auto* chats : {&current_.waited, &current_.tried}) {
    std::sort(chats->begin(), chats->end());
    chats->erase(std::unique(chats->begin(), chats->end()), chats->end());
  }
}

std::vector<std::size_t> write_queue::committed(std::span<const std::int64_t> had, time_point now) {
  std::vector<std::size_t> settled;
  std::vector<post> again;
  for (std::size_t i = 0; i < current_.rows.size(); ++i) {
    post& row = current_.rows[i];
    if (std::binary_search(had.begin(), had.end(), row.chat)) {
      settled.push_back(i);
    } else {
      again.push_back(std::move(row));
    }
  }
  for (std::int64_t chat : had) {
    refused_.erase(chat);
    if (auto freed = stuck_.extract(chat); !freed.empty()) {
      auto& rows = freed.mapped().rows;
      stuck_rows_ -= rows.size();
      for (auto row = rows.rbegin(); row != rows.rend(); ++row) {
        queue_.push_front(std::move(*row));
      }
    }
  }
  for (auto row = again.rbegin(); row != again.rend(); ++row) {
    if (!stuck_.contains(row->chat)) {
      refused_.emplace(row->chat, now);
    }
    wait_again(std::move(*row), now);
  }
  return settled;
}

void write_queue::wait_timed_out(time_point now) {
  for (std::int64_t chat : current_.waited) {
    const auto refused = refused_.extract(chat);
    stuck_.emplace(chat, stuck_chat{refused.empty() ? now : refused.mapped(), now, {}});
  }
  next_try_ = now + try_every;
  // Rows of the newly stuck chats that were not in this batch leave the queue, in order.
  std::deque<post> others;
  for (post& row : queue_) {
    if (const auto stuck = stuck_.find(row.chat); stuck != stuck_.end()) {
      stuck->second.rows.push_back(std::move(row));
      ++stuck_rows_;
    } else {
      others.push_back(std::move(row));
    }
  }
  queue_.swap(others);
  for (auto row = current_.rows.rbegin(); row != current_.rows.rend(); ++row) {
    wait_again(std::move(*row), now);
  }
  current_.rows.clear();
  finished();
}

// Back to the head of where it came from.
void write_queue::wait_again(post row, time_point now) {
  ++waiting_;
  if (const auto stuck = stuck_.find(row.chat); stuck != stuck_.end()) {
    stuck->second.last_row = now;
    stuck->second.rows.push_front(std::move(row));
    ++stuck_rows_;
  } else {
    queue_.push_front(std::move(row));
  }
}

std::optional<post> write_queue::failed() {
  std::optional<post> alone;
  const std::size_t size = current_.rows.size();
  if (size == 1) {
    alone = std::move(current_.rows.front());
  } else {
    waiting_ += size;
    const auto middle = current_.rows.begin() + static_cast<std::ptrdiff_t>(size / 2);
    pieces_.emplace_front(std::make_move_iterator(middle), std::make_move_iterator(current_.rows.end()));
    pieces_.emplace_front(std::make_move_iterator(current_.rows.begin()), std::make_move_iterator(middle));
  }
  current_.rows.clear();
  finished();
  return alone;
}

std::vector<post> write_queue::lost() {
  std::vector<post> rows = std::exchange(current_.rows, {});
  locks_held_ = false;
  finished();
  return rows;
}

void write_queue::finished() {
  current_ = {};
  in_flight_ = false;
}

std::vector<post> write_queue::expire(time_point now) {
  std::vector<post> given_up;
  for (auto entry = stuck_.begin(); entry != stuck_.end();) {
    auto& [chat, stuck] = *entry;
    while (!stuck.rows.empty() && now - std::max(stuck.rows.front().arrived, stuck.since) >= patience) {
      given_up.push_back(std::move(stuck.rows.front()));
      stuck.rows.pop_front();
      --stuck_rows_;
      --waiting_;
    }
    entry = stuck.rows.empty() && now - stuck.last_row >= remember_stuck ? stuck_.erase(entry) : std::next(entry);
  }
  return given_up;
}

std::vector<post> write_queue::drop_all() {
  std::vector<post> dropped;
  const auto drop = [&dropped](post& row) { dropped.push_back(std::move(row)); };
  for (auto& piece : pieces_) {
    std::for_each(piece.begin(), piece.end(), drop);
  }
  std::for_each(queue_.begin(), queue_.end(), drop);
  for (auto& [chat, stuck] : stuck_) {
    std::for_each(stuck.rows.begin(), stuck.rows.end(), drop);
  }
  pieces_.clear();
  queue_.clear();
  stuck_.clear();
  refused_.clear();
  stuck_rows_ = waiting_ = 0;
  locks_held_ = false;
  return dropped;
}

std::optional<write_queue::time_point> write_queue::wake() const {
  return stuck_rows_ > 0 ? std::optional(next_try_) : std::nullopt;
}

}  // namespace api

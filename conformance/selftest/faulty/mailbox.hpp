// Frames kept for users who come back. A right router has none: what nobody was there to receive is read over HTTP. It
// is filled only when one of the replay faults is on. Owned by the router, one thread, no I/O.
#pragma once

#include "conformance/selftest/faulty/chat.hpp"
#include "conformance/selftest/faulty/subscriber.hpp"

#include <chrono>
#include <string>
#include <unordered_map>
#include <vector>

namespace faulty {

class Mailbox {
 public:
  using Clock = std::chrono::steady_clock;
  struct Letter {
    MessagePtr message;
    Frame frame;
    Clock::time_point kept;
  };

  void keep(const std::string& user, Letter letter) { letters_[user].push_back(std::move(letter)); }

  // Takes out the user's letters that were kept before `before`, oldest first.
  std::vector<Letter> take(const std::string& user, Clock::time_point before) {
    std::vector<Letter> taken;
    const auto found = letters_.find(user);
    if (found == letters_.end()) return taken;
    auto& all = found->second;
    auto end = all.begin();
    while (end != all.end() && end->kept < before) ++end;
    taken.assign(std::make_move_iterator(all.begin()), std::make_move_iterator(end));
    all.erase(all.begin(), end);
    if (all.empty()) letters_.erase(found);
    return taken;
  }

 private:
  std::unordered_map<std::string, std::vector<Letter>> letters_;
};

}  // namespace faulty

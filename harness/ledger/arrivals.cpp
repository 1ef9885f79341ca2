#include "harness/ledger/arrivals.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace ledger {
namespace {

auto pair_of(const arrival& one) {
  return std::tuple(one.message, one.socket);
}

// One finding for all that is wrong in the same way with one message on one socket.
class gathered {
 public:
  void add(finding_class kind, std::optional<message_id> message, const frame& seen, user_id user, std::size_t place) {
    auto& one = found_[{message, seen.socket, kind}];
    if (one.proof.empty()) {
      one.kind = kind;
      one.message = message;
      one.socket = seen.socket;
      one.user = user;
      one.at = seen.at;
    }
    one.proof.push_back(place);
  }
  std::vector<finding> take() {
    std::vector<finding> all;
    for (auto& [key, one] : found_) {
      all.push_back(std::move(one));
    }
    return all;
  }

 private:
  std::map<std::tuple<std::optional<message_id>, socket_id, finding_class>, finding> found_;
};

}  // namespace

arrivals::arrivals(const trace& of, const message_table& messages, const identities& known) {
  gathered strange;
  std::size_t place = 0;
  for (const auto& happened : of.events()) {
    const auto here = place++;
    const auto* const seen = std::get_if<frame>(&happened);
    if (seen == nullptr) {
      continue;
    }
    ++frames_;
    const auto who = known.of(seen->kind, seen->message, seen->server_id, seen->chat);
    if (!who.message) {
      ++foreign_;
      continue;
    }
    const moment now{seen->at, here};
    const auto& sent = messages.of(*who.message).sent;
    const bool was_sent = sent && *sent < now;
    if (who.damaged) {
      strange.add(finding_class::corrupted, who.message, *seen, of.user_of(seen->socket), here);
    } else if (!was_sent) {
      strange.add(finding_class::phantom, who.message, *seen, of.user_of(seen->socket), here);
    }
    if (was_sent) {
      in_time_.push_back({*who.message, seen->socket, now, who.certain});
    }
  }
  findings_ = strange.take();
  std::sort(in_time_.begin(), in_time_.end(), [](const arrival& a, const arrival& b) { return a.at < b.at; });
  by_message_ = in_time_;
  std::stable_sort(by_message_.begin(), by_message_.end(),
                   [](const arrival& a, const arrival& b) { return pair_of(a) < pair_of(b); });
}

std::span<const arrival> arrivals::of(message_id message) const {
  const auto [first, last] = std::equal_range(by_message_.begin(), by_message_.end(), arrival{message, {}, {}, false},
                                              [](const arrival& a, const arrival& b) { return a.message < b.message; });
  return {first, last};
}

std::span<const arrival> arrivals::of(message_id message, socket_id socket) const {
  const auto [first, last] =
      std::equal_range(by_message_.begin(), by_message_.end(), arrival{message, socket, {}, false},
                       [](const arrival& a, const arrival& b) { return pair_of(a) < pair_of(b); });
  return {first, last};
}

}  // namespace ledger

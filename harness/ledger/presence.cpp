#include "harness/ledger/presence.hpp"

#include <algorithm>

namespace ledger {
namespace {

void keep_first(std::optional<moment>& slot, const moment& value) {
  if (!slot || value < *slot) {
    slot = value;
  }
}

}  // namespace

std::optional<moment> socket_life::ready_at(instant due, const moment& since) const {
  for (const auto& one : drains) {
    if (one.at > since && (one.at.at >= due || one.last)) {
      return one.at;
    }
  }
  return std::nullopt;
}

presence::presence(const trace& of) : lives_(of.socket_count()), by_user_(of.users().size()) {
  const auto life = [this](socket_id socket) -> socket_life& { return lives_[static_cast<std::size_t>(socket)]; };
  std::size_t place = 0;
  for (const auto& happened : of.events()) {
    const moment now{time_of(happened), place++};
    if (const auto* const started = std::get_if<socket_started>(&happened)) {
      life(started->socket).user = started->user;
      life(started->socket).started = now;
      by_user_[static_cast<std::size_t>(started->user)].push_back(started->socket);
    } else if (const auto* const ready = std::get_if<socket_ready>(&happened)) {
      keep_first(life(ready->socket).ready, now);
    } else if (const auto* const ended = std::get_if<socket_ended>(&happened)) {
      auto& one = life(ended->socket);
      if (!one.gone_by(now)) {
        one.ended = now;
        one.how = ended->how;
        one.close_code = ended->close_code;
      }
    } else if (const auto* const drained = std::get_if<ledger::drained>(&happened)) {
      life(drained->socket).drains.push_back({now, drained->last});
    }
  }
  for (auto& one : lives_) {
    std::sort(one.drains.begin(), one.drains.end(), [](const drain& a, const drain& b) { return a.at < b.at; });
    if (one.ended) {
      std::erase_if(one.drains, [&one](const drain& d) { return d.at > *one.ended; });
      if (one.ready && *one.ready > *one.ended) {
        one.ready.reset();
      }
    }
  }
}

std::span<const socket_id> presence::sockets_of(user_id user) const {
  const auto index = static_cast<std::size_t>(user);
  return index < by_user_.size() ? std::span<const socket_id>(by_user_[index]) : std::span<const socket_id>();
}

}  // namespace ledger

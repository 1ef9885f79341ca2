// The tokens that were found good lately: a client shows the same one with each request, and its signature need not be
// computed again. Owned by a process, on its one thread; holds at most 4,096.
// It promises what signer::verify does: a token is good only for as long as it would be there.
#pragma once

#include "reference-server/token/token.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace token {

class checked_tokens {
 public:
  explicit checked_tokens(const signer& tokens) : tokens_(tokens) {}

  boost::system::result<identity> verify(std::string_view jwt, time_point now) {
    const auto found = good_.find(jwt);
    // Before `since` its nbf may lie ahead again: the wall clock can be set back.
    if (found != good_.end() && now >= found->second.since && now < found->second.who.expires_at) {
      return found->second.who;
    }
    auto who = tokens_.verify(jwt, now);
    if (who) {
      if (good_.size() >= most) {
        good_.clear();
      }
      good_.insert_or_assign(std::string(jwt), checked{*who, now});
    }
    return who;
  }

 private:
  static constexpr std::size_t most = 4096;

  struct checked {
    identity who;
    time_point since;
  };
  struct hash : std::hash<std::string_view> {
    using is_transparent = void;
  };

  const signer& tokens_;
  std::unordered_map<std::string, checked, hash, std::equal_to<>> good_;
};

}  // namespace token

// The cookies of one simulated user: whatever the target set last under a name. One jar for all addresses of a target;
// paths and domains are not looked at. Owned by the user.
#pragma once

#include "harness/client/http/exchange.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace client {

class cookie_jar {
 public:
  // Every Set-Cookie of an answer; one that is over (Max-Age of 0 or less, Expires in 1970) removes its name.
  void take(const http::exchange& answer);
  std::optional<std::string_view> find(std::string_view name) const noexcept;
  // "a=1; b=2", the value of a Cookie header; empty when there is none.
  std::string header() const;
  bool empty() const noexcept { return cookies_.empty(); }
  const std::vector<std::pair<std::string, std::string>>& all() const noexcept { return cookies_; }
  void restore(std::vector<std::pair<std::string, std::string>> cookies) { cookies_ = std::move(cookies); }
  void clear() noexcept { cookies_.clear(); }
  // The same names with this in the place of each value.
  void replace_values(std::string_view by);

 private:
  void take_one(std::string_view line);
  std::vector<std::pair<std::string, std::string>> cookies_;
};

}  // namespace client

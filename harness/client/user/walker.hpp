// Reads a history page after page. Lives in the callback of the request that is under way; ends with it.
#pragma once

#include "harness/client/user/message.hpp"
#include "harness/client/user/state.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <set>
#include <string>

namespace client {

class walker : public std::enable_shared_from_this<walker> {
 public:
  walker(std::weak_ptr<user::state> user, call call, std::size_t max_pages, std::function<void(walk)> handler);

  void read(std::string target);

 private:
  void on_page(const std::string& target, http::exchange exchange);
  void stop(std::string problem);

  std::weak_ptr<user::state> user_;
  call call_;
  std::size_t pages_left_;
  std::set<std::string> seen_;  // a link back to a page that was read would never end
  std::function<void(walk)> handler_;
  walk walk_;
};

}  // namespace client

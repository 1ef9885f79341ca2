#include "harness/client/user/walker.hpp"

#include "harness/client/user/json.hpp"
#include "harness/client/user/paths.hpp"

#include <utility>

namespace client {

walker::walker(std::weak_ptr<user::state> user, call call, std::size_t max_pages, std::function<void(walk)> handler)
    : user_(std::move(user)), call_(std::move(call)), pages_left_(max_pages), handler_(std::move(handler)) {}

void walker::read(std::string target) {
  const auto user = user_.lock();
  if (!user) return;
  if (pages_left_ == 0) return stop("the history has more pages than asked for");
  if (!seen_.insert(target).second) return stop("the link '" + target + "' leads back to a page that was read");
  --pages_left_;
  http::request request{.method = "GET", .target = target};
  const auto done = [self = shared_from_this(), target](http::exchange exchange) {
    self->on_page(target, std::move(exchange));
  };
  user->send(std::move(request), done, call_);
}

void walker::on_page(const std::string& target, http::exchange exchange) {
  const auto user = user_.lock();
  walk_.exchanges.push_back(std::move(exchange));
  const http::exchange& last = walk_.exchanges.back();
  if (!user) return;
  if (!last.success()) return stop(summary(last, ""));
  auto page = read_messages(last.body);
  if (!page) return stop(summary(last, page.error().clause));
  for (message& each : page->items) walk_.messages.push_back(std::move(each));
  if (!page->next) {
    walk_.complete = true;
    return stop("");
  }
  auto next = follow(*user->target, target, *page->next);
  if (!next) return stop(next.error().clause);
  read(std::move(*next));
}

void walker::stop(std::string problem) {
  walk_.problem = std::move(problem);
  handler_(std::move(walk_));
}

}  // namespace client

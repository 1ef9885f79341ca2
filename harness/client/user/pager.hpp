// Reads a described list page after page. Lives in the callback of the request that is under way; ends with it.
#pragma once

#include "harness/client/user/list_page.hpp"
#include "harness/client/user/state.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace client {

struct paged {
  std::vector<list_row> rows;             // of a history: the oldest first
  std::vector<http::exchange> exchanges;  // one for each page
  bool complete = false;
  std::string problem;
};

class pager : public std::enable_shared_from_this<pager> {
 public:
  // `list` is the target's. `until`: an id at which a walk to older ones may end; what it is and what is older is left
  // out.
  pager(std::shared_ptr<user::state> user, const list_action& list, known_chat of, call with, std::size_t max_pages,
        std::string until, std::uint64_t size, std::function<void(paged)> handler);

  void begin();

 private:
  void ask();
  void send(http::request request);
  void on_page(const std::string& path, http::exchange exchange);
  bool goes_on(const list_page& page, const std::string& path);
  void stop(std::string problem);

  std::weak_ptr<user::state> user_;
  const list_action& list_;
  known_chat of_;
  call call_;
  std::size_t pages_left_;
  std::string until_;
  std::uint64_t size_;
  std::function<void(paged)> handler_;
  std::shared_ptr<const client::target> target_;

  std::uint64_t place_ = 0;     // page, offset
  std::string cursor_;          // before, after, token
  std::string link_;            // next_link
  std::size_t fullest_ = 0;     // page so far
  std::set<std::string> seen_;  // ids and links: what comes again would never end
  paged out_;
};

}  // namespace client

#include "harness/client/user/pager.hpp"

#include "harness/client/user/described_actions.hpp"
#include "harness/client/user/paths.hpp"
#include "harness/client/user/read_reply.hpp"
#include "harness/client/user/step_request.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace client {

pager::pager(std::shared_ptr<user::state> user, const list_action& list, known_chat of, call with,
             std::size_t max_pages, std::string until, std::uint64_t size, std::function<void(paged)> handler)
    : user_(user),
      list_(list),
      of_(std::move(of)),
      call_(std::move(with)),
      pages_left_(max_pages),
      until_(std::move(until)),
      size_(size),
      handler_(std::move(handler)),
      target_(user->target),
      place_(list.pages.first) {}

void pager::begin() {
  ask();
}

void pager::ask() {
  const auto user = user_.lock();
  if (!user) return;
  if (pages_left_ == 0) return stop("the list has more pages than asked for");
  --pages_left_;
  if (!link_.empty()) return send({.method = "GET", .target = link_});
  const std::string place = std::to_string(place_);
  const std::string size = std::to_string(size_);
  const std::string cursor = cursor_.empty() ? "null" : cursor_;  // the variables are views
  const std::array<local_variable, 4> locals{
      {{"page", place, true}, {"offset", place, true}, {"limit", size, true}, {"cursor", cursor, cursor_.empty()}}};
  auto request = build_request(list_.request, user->scope_of(of_, locals));
  if (!request) {
    return user->fail(request.error().clause,
                      [self = shared_from_this()](http::exchange exchange) { self->on_page("", std::move(exchange)); });
  }
  send(std::move(*request));
}

void pager::send(http::request request) {
  const auto user = user_.lock();
  if (!user) return;
  const std::string path = request.target;
  auto done = [self = shared_from_this(), path](http::exchange exchange) { self->on_page(path, std::move(exchange)); };
  user->send(std::move(request), std::move(done), call_);
}

void pager::on_page(const std::string& path, http::exchange exchange) {
  out_.exchanges.push_back(std::move(exchange));
  const http::exchange& last = out_.exchanges.back();
  const bool numbered = list_.pages.by == paging::style::page || list_.pages.by == paging::style::offset;
  if (numbered && out_.exchanges.size() > 1 && last.answered() && last.status == 404) {  // behind the last page
    out_.complete = true;
    return stop("");
  }
  if (!last.answered() || !list_.request.accepts(last.status)) return stop(summary(last, ""));
  auto page = read_list_page(list_, last.body);
  if (!page) return stop(summary(last, page.error().clause));

  if (list_.newest_first) std::reverse(page->rows.begin(), page->rows.end());
  std::size_t fresh = 0;
  std::vector<list_row> added;
  for (list_row& each : page->rows) {
    fresh += seen_.insert("id " + each.value.id).second ? 1 : 0;
    added.push_back(std::move(each));
  }
  const bool met = !until_.empty() &&
                   std::any_of(added.begin(), added.end(), [&](const list_row& row) { return row.value.id == until_; });
  auto& rows = out_.rows;
  const auto where = list_.pages.to_older ? rows.begin() : rows.end();
  rows.insert(where, std::make_move_iterator(added.begin()), std::make_move_iterator(added.end()));
  const bool turns = fresh == 0 && page->items > 0 && !page->rows.empty() && out_.exchanges.size() > 1;
  if ((met && list_.pages.to_older) || turns || !goes_on(*page, path)) {
    if (!out_.problem.empty()) return stop(out_.problem);
    out_.complete = true;
    return stop("");
  }
  ask();
}

// Prepares the next page; false at the end, with a problem when it is none.
bool pager::goes_on(const list_page& page, const std::string& path) {
  const paging& pages = list_.pages;
  if (pages.by == paging::style::none) return false;
  switch (pages.end) {
    case paging::ending::empty_page:
      if (page.items == 0) return false;
      break;
    case paging::ending::short_page:
      // The server may give fewer than asked for: only a page that is shorter than another one is surely short.
      if (page.items == 0 || page.items < fullest_) return false;
      break;
    case paging::ending::null:
      if (!page.next) return false;
      break;
  }
  fullest_ = std::max(fullest_, page.items);
  switch (pages.by) {
    case paging::style::none:
      return false;
    case paging::style::page:
      ++place_;
      return true;
    case paging::style::offset:
      place_ += page.items;
      return true;
    case paging::style::before:
    case paging::style::after:
      if (page.cursor.empty() || page.cursor == cursor_) return false;
      cursor_ = page.cursor;
      return true;
    case paging::style::token:
      if (!page.next) return false;
      cursor_ = *page.next;
      break;
    case paging::style::next_link: {
      if (!page.next) return false;
      auto there = follow(*target_, path, *page.next);
      if (!there) {
        out_.problem = there.error().clause;
        return false;
      }
      link_ = std::move(*there);
      break;
    }
  }
  if (!seen_.insert("page " + link_ + cursor_).second) {
    out_.problem = "the next page '" + link_ + cursor_ + "' was read already";
    return false;
  }
  return true;
}

void pager::stop(std::string problem) {
  out_.problem = std::move(problem);
  handler_(std::move(out_));
}

namespace {

template <class Handler>
void not_described(user_state& self, std::string_view action, Handler handler) {
  self.fail("the target file describes no rest." + std::string(action), handler);
}

checked<page<message>> page_of(const list_action& list, std::string_view body) {
  auto read = read_list_page(list, body);
  if (!read) return read.error();
  page<message> out{.items = {}, .next = std::move(read->next)};
  for (list_row& each : read->rows) out.items.push_back(std::move(each.value));
  return out;
}

chat to_chat(const list_row& row) {
  return {.id = row.value.id, .participants = row.participants, .created_at = row.value.created_at};
}

}  // namespace

void list_described_chats(user_state& self, reply_handler<page<chat>> handler, const call& call) {
  auto done = [handler](http::exchange exchange, paged got) {
    reply<page<chat>> out;
    out.exchange = std::move(exchange);
    out.problem = got.problem;
    out.accepted = out.problem.empty() && out.exchange.answered();
    if (out.accepted) {
      out.value.emplace();
      for (const list_row& each : got.rows) out.value->items.push_back(to_chat(each));
    }
    handler(std::move(out));
  };
  if (!self.target->rest->list_chats) {
    return not_described(self, "list_chats", [done](http::exchange exchange) { done(std::move(exchange), {}); });
  }
  const list_action& list = *self.target->rest->list_chats;
  std::make_shared<pager>(self.shared_from_this(), list, known_chat{}, call, 1, "", list.pages.size, [done](paged got) {
    http::exchange last = std::move(got.exchanges.back());
    got.problem.clear();
    const bool read = got.complete || !got.rows.empty() || last.success();
    if (!read) got.problem = summary(last, "");
    done(std::move(last), std::move(got));
  })->begin();
}

void read_described_page(user_state& self, std::string_view chat_id, const history_query& query,
                         reply_handler<page<message>> handler, const call& call) {
  auto respond = [handler, rest = self.target](http::exchange exchange) {
    const auto& list = rest->rest->history;
    const bool accepted = list && exchange.answered() && list->request.accepts(exchange.status);
    handler(read_reply<page<message>>(std::move(exchange), accepted,
                                      [&](std::string_view body) { return page_of(*list, body); }));
  };
  if (!self.target->rest->history) return not_described(self, "history", respond);
  const list_action& list = *self.target->rest->history;
  // The newest page is asked for: where pages begin with the oldest one, that is the end of a walk.
  if (!query.before && !query.after && !list.pages.to_older && list.pages.by != paging::style::none) {
    constexpr std::size_t most_pages = 1000;
    auto on_walk = [handler](walk got) {
      reply<page<message>> out;
      out.exchange = std::move(got.exchanges.back());
      out.accepted = got.complete;
      if (got.complete) out.value = page<message>{.items = std::move(got.messages), .next = {}};
      handler(std::move(out));
    };
    return walk_described_history(self, chat_id, std::move(on_walk), query, most_pages, call);
  }
  const std::string place = std::to_string(list.pages.first);
  const std::string size = std::to_string(query.limit.value_or(static_cast<unsigned>(list.pages.size)));
  const std::string cursor = query.before.value_or("null");
  const std::array<local_variable, 4> locals{{{"page", place, true},
                                              {"offset", place, true},
                                              {"limit", size, true},
                                              {"cursor", cursor, !query.before.has_value()}}};
  auto request = build_request(list.request, self.scope_of(self.chat_of(chat_id), locals));
  if (!request) return self.fail(request.error().clause, respond);
  self.send(std::move(*request), respond, call);
}

void walk_described_chats(user_state& self, std::function<void(chat_walk)> handler, const call& call) {
  if (!self.target->rest || !self.target->rest->list_chats) {
    return not_described(self, "list_chats", [handler](const http::exchange& exchange) {
      handler({.chats = {}, .complete = false, .problem = exchange.detail});
    });
  }
  const list_action& list = *self.target->rest->list_chats;
  constexpr std::size_t most_pages = 1000;
  std::make_shared<pager>(self.shared_from_this(), list, known_chat{}, call, most_pages, "", list.pages.size,
                          [handler](const paged& got) {
                            chat_walk out{.chats = {}, .complete = got.complete, .problem = got.problem};
                            for (const list_row& each : got.rows) out.chats.push_back(to_chat(each));
                            handler(std::move(out));
                          })
      ->begin();
}

void walk_described_history(user_state& self, std::string_view chat_id, std::function<void(walk)> handler,
                            const history_query& query, std::size_t max_pages, const call& call) {
  if (!self.target->rest->history) {
    return not_described(self, "history", [handler](http::exchange exchange) {
      walk out;
      out.problem = exchange.detail;
      out.exchanges.push_back(std::move(exchange));
      handler(std::move(out));
    });
  }
  const list_action& list = *self.target->rest->history;
  const std::string until = query.after && *query.after != "0" ? *query.after : std::string();
  const std::uint64_t size = query.limit ? std::min<std::uint64_t>(*query.limit, list.pages.size) : list.pages.size;
  std::make_shared<pager>(self.shared_from_this(), list, self.chat_of(chat_id), call, max_pages, until, size,
                          [handler, until](paged got) {
                            walk out;
                            out.exchanges = std::move(got.exchanges);
                            out.complete = got.complete;
                            out.problem = std::move(got.problem);
                            auto first = got.rows.begin();
                            const auto stands = std::find_if(got.rows.begin(), got.rows.end(),
                                                             [&](const auto& row) { return row.value.id == until; });
                            if (!until.empty() && stands != got.rows.end()) first = std::next(stands);
                            for (; first != got.rows.end(); ++first) out.messages.push_back(std::move(first->value));
                            handler(std::move(out));
                          })
      ->begin();
}

}  // namespace client

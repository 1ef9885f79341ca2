#include "reference-server/api/messages.hpp"

#include "reference-server/api/chat_json.hpp"
#include "reference-server/api/checked_body.hpp"
#include "reference-server/api/page.hpp"
#include "reference-server/api/rows.hpp"
#include "reference-server/api/sql.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace api {
namespace {

// What one_chat gave: empty when the chat is absent or of others.
std::string_view peer_in(const result& chat, const std::string& user) {
  if (PQntuples(chat.get()) == 0) {
    return {};
  }
  const std::string_view low = text_at(chat.get(), 0, 1);
  return low == user ? text_at(chat.get(), 0, 2) : low;
}

// Rows of the three message queries: id, sender, body, created_at.
message message_at(const PGresult* rows, int row, const call& asked, std::string_view peer) {
  const std::string_view sender = text_at(rows, row, 1);
  return {
      number_at(rows, row, 0), asked.chat,           sender, sender == asked.user ? peer : std::string_view(asked.user),
      text_at(rows, row, 2),   time_at(rows, row, 3)};
}

// one_chat, and behind it what is asked of its messages.
std::vector<statement> within_chat(const call& asked, const char* query, std::vector<std::string> more) {
  const std::string chat = std::to_string(asked.chat);
  more.insert(more.begin(), chat);
  std::vector<statement> group{{sql::one_chat.name, {asked.user, chat}}};
  group.push_back({query, std::move(more)});
  return group;
}

struct history_job final : read_job {
  history_job(call of, const page& wanted) : asked(std::move(of)), which(wanted) {}
  void done(std::vector<result> answers) override {
    const std::string_view peer = peer_in(answers[0], asked.user);
    if (peer.empty()) {
      asked.not_found();
      return;
    }
    const PGresult* rows = answers[1].get();
    const int found = PQntuples(rows);
    const int shown = std::min(found, static_cast<int>(which.limit));
    http::response answer;
    answer.body.reserve(100 + static_cast<std::size_t>(shown) * 256);
    answer.body = "{\"results\":[";
    for (int i = 0; i < shown; ++i) {
      answer.body += i == 0 ? "" : ",";
      // Backward pages come newest first and are shown ascending.
      append_json(answer.body, message_at(rows, which.after ? i : shown - 1 - i, asked, peer));
    }
    answer.body += "],\"next\":";
    if (found > shown) {
      answer.body += '"' + chat_path(asked.chat) + "messages/?" + (which.after ? "after=" : "before=") +
                     std::to_string(number_at(rows, shown - 1, 0)) + "&limit=" + std::to_string(which.limit) + "\"}";
    } else {
      answer.body += "null}";
    }
    asked.answer(std::move(answer));
  }
  void failed(bool) override { asked.unavailable("the database cannot be reached"); }
  call asked;
  page which;
};

struct one_job final : read_job {
  explicit one_job(call of) : asked(std::move(of)) {}
  void done(std::vector<result> answers) override {
    const std::string_view peer = peer_in(answers[0], asked.user);
    const PGresult* rows = answers[1].get();
    if (peer.empty() || PQntuples(rows) == 0) {
      asked.not_found();
      return;
    }
    http::response answer;
    append_json(answer.body, message_at(rows, 0, asked, peer));
    asked.answer(std::move(answer));
  }
  void failed(bool) override { asked.unavailable("the database cannot be reached"); }
  call asked;
};

// False when the key is there and malformed.
bool read_key(const http::request& request, std::optional<std::string>& key) {
  const std::string_view* given = request.find("Idempotency-Key");
  if (given == nullptr) {
    return true;
  }
  key = std::string(*given);
  return request.count("Idempotency-Key") == 1 && !given->empty() && given->size() <= 255 &&
         std::all_of(given->begin(), given->end(), [](char c) { return c > ' ' && c <= '~'; });
}

}  // namespace

void messages::send(call asked) {
  auto body = checked_body(asked, parse_message_body);
  if (!body) {
    return;
  }
  post row;
  if (!read_key(asked.asked.request(), row.key)) {
    asked.refuse(400, "Idempotency-Key has to be given once, as 1 to 255 visible ASCII characters");
    return;
  }
  if (free_.empty()) {
    free_.push_back(open_.size());
    open_.emplace_back();
  }
  row.ticket = free_.back();
  row.chat = asked.chat;
  row.sender = asked.user;
  row.body = *std::move(body);
  if (!writer_->submit(std::move(row))) {
    asked.unavailable("the message was not stored: the queue is full or the database cannot be reached");
    return;
  }
  open_[free_.back()].emplace(std::move(asked));
  free_.pop_back();
}

void messages::on_post(std::uint64_t ticket, post_outcome outcome) {
  call asked = *std::move(open_[ticket]);
  open_[ticket].reset();
  free_.push_back(ticket);
  using kind = post_outcome::kind;
  switch (outcome.what) {
    case kind::stored:
    case kind::key_known: {
      http::response answer;
      answer.status = outcome.what == kind::stored ? 201 : 200;
      answer.headers = "Location: " + message_path(asked.chat, outcome.message) + "\r\n";
      answer.body = std::move(outcome.json);
      return asked.answer(std::move(answer));
    }
    case kind::key_reused:
      return asked.refuse(422, "this Idempotency-Key was used with another body");
    case kind::absent:
      return asked.not_found();
    case kind::busy:
      return asked.unavailable("the message was not stored: its chat is held by another process");
    case kind::refused:
      return asked.unavailable("the message was not stored: the database refused it or is gone");
    case kind::unknown:
      return asked.answer(http::problem(504, "whether the message was stored is not known; the chat's history tells",
                                        "outcome-unknown"));
  }
}

void messages::history(call asked) {
  const auto which = parse_page(asked.asked.request().query, true);
  if (!which) {
    asked.refuse(400, which.error());
    return;
  }
  const std::int64_t position =
      which->after ? *which->after : which->before.value_or(std::numeric_limits<std::int64_t>::max());
  // One row more than asked for tells whether there is a next page.
  auto group = within_chat(asked, (which->after ? sql::history_after : sql::history_before).name,
                           {std::to_string(position), std::to_string(which->limit + 1)});
  database_.read(std::move(group), std::make_unique<history_job>(std::move(asked), *which));
}

void messages::one(call asked) {
  auto group = within_chat(asked, sql::one_message.name, {std::to_string(asked.message)});
  database_.read(std::move(group), std::make_unique<one_job>(std::move(asked)));
}

}  // namespace api

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

// A question about messages of one chat. Whether the chat is there and the asker in it comes from one_chat, which goes
// before the question in the same group, or was known.
struct chat_job : read_job {
  chat_job(call of, known_chats& remembered)
      : asked(std::move(of)), known(remembered), peer(known.peer(asked.chat, asked.user)) {}

  void done(std::span<const result> answers) final {
    if (peer.empty() && PQntuples(answers[0].get()) == 1) {
      known.add(asked.chat, text_at(answers[0].get(), 0, 1), text_at(answers[0].get(), 0, 2));
      peer = known.peer(asked.chat, asked.user);
    }
    if (peer.empty()) {
      asked.not_found();
    } else {
      show(answers.back().get());
    }
  }
  void failed(bool) final { asked.unavailable("the database cannot be reached"); }

  // Rows of the three message queries: id, sender, body, created_at.
  virtual void show(const PGresult* rows) = 0;

  message message_at(const PGresult* rows, int row) const {
    const std::string_view sender = text_at(rows, row, 1);
    const std::string_view recipient = sender == asked.user ? std::string_view(peer) : asked.user;
    return {number_at(rows, row, 0), asked.chat, sender, recipient, text_at(rows, row, 2), time_at(rows, row, 3)};
  }

  call asked;
  known_chats& known;
  std::string peer;  // "": one_chat is asked too
};

struct history_job final : chat_job {
  history_job(call of, known_chats& remembered, const page& wanted)
      : chat_job(std::move(of), remembered), which(wanted) {}
  void show(const PGresult* rows) override {
    const int found = PQntuples(rows);
    const int shown = std::min(found, static_cast<int>(which.limit));
    http::response answer;
    answer.body.reserve(100 + static_cast<std::size_t>(shown) * 256);
    answer.body = "{\"results\":[";
    for (int i = 0; i < shown; ++i) {
      if (i > 0) {
        answer.body += ',';
      }
      // Backward pages come newest first and are shown ascending.
      append_json(answer.body, message_at(rows, which.after ? i : shown - 1 - i));
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
  page which;
};

struct one_job final : chat_job {
  using chat_job::chat_job;
  void show(const PGresult* rows) override {
    if (PQntuples(rows) == 0) {
      asked.not_found();
      return;
    }
    http::response answer;
    append_json(answer.body, message_at(rows, 0));
    asked.answer(std::move(answer));
  }
};

void ask(readers& database, std::unique_ptr<chat_job> job, statement question) {
  std::vector<statement> group;
  if (job->peer.empty()) {
    group.push_back({sql::one_chat.name, {job->asked.user, std::to_string(job->asked.chat)}});
  }
  group.push_back(std::move(question));
  database.read(std::move(group), std::move(job));
}

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
  const char* const query = (which->after ? sql::history_after : sql::history_before).name;
  // One row more than asked for tells whether there is a next page.
  std::vector<std::string> parameters{std::to_string(asked.chat), std::to_string(position),
                                      std::to_string(which->limit + 1)};
  ask(database_, std::make_unique<history_job>(std::move(asked), known(), *which), {query, std::move(parameters)});
}

void messages::one(call asked) {
  std::vector<std::string> parameters{std::to_string(asked.chat), std::to_string(asked.message)};
  ask(database_, std::make_unique<one_job>(std::move(asked), known()), {sql::one_message.name, std::move(parameters)});
}

known_chats& messages::known() {
  if (std::exchange(losses_, database_.losses()) != database_.losses()) {
    known_.clear();
  }
  return known_;
}

}  // namespace api

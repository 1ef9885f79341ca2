#include "reference-server/api/chats.hpp"

#include "reference-server/api/chat_json.hpp"
#include "reference-server/api/checked_body.hpp"
#include "reference-server/api/page.hpp"
#include "reference-server/api/rows.hpp"
#include "reference-server/api/sql.hpp"

#include <utility>

namespace api {
namespace {

chat chat_at(const PGresult* rows, int row) {
  return {number_at(rows, row, 0), text_at(rows, row, 1), text_at(rows, row, 2), time_at(rows, row, 3)};
}

struct create_job final : read_job {
  explicit create_job(call of) : asked(std::move(of)) {}
  void done(std::span<const result> answers) override {
    const PGresult* inserted = answers[1].get();
    const PGresult* found = answers[2].get();
    const chat made = chat_at(found, 0);
    http::response answer;
    answer.status = PQntuples(inserted) == 1 ? 201 : 200;
    answer.headers = "Location: " + chat_path(made.id) + "\r\n";
    append_json(answer.body, made);
    asked.answer(std::move(answer));
  }
  void failed(bool sent) override {
    if (sent) {
      asked.answer(
          http::problem(504, "whether the chat was created is not known; asking again settles it", "outcome-unknown"));
    } else {
      asked.unavailable("the database cannot be reached");
    }
  }
  call asked;
};

struct list_job final : read_job {
  list_job(call of, const page& wanted) : asked(std::move(of)), which(wanted) {}
  void done(std::span<const result> answers) override {
    const PGresult* rows = answers[0].get();
    const int shown = std::min(PQntuples(rows), static_cast<int>(which.limit));
    http::response answer;
    answer.body = "{\"results\":[";
    for (int i = 0; i < shown; ++i) {
      answer.body += i == 0 ? "" : ",";
      append_json(answer.body, chat_at(rows, i));
    }
    answer.body += "],\"next\":";
    if (PQntuples(rows) > shown) {
      answer.body += "\"/api/v1/chats/?after=" + std::to_string(number_at(rows, shown - 1, 0)) +
                     "&limit=" + std::to_string(which.limit) + "\"}";
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
  void done(std::span<const result> answers) override {
    if (PQntuples(answers[0].get()) == 0) {
      asked.not_found();
      return;
    }
    http::response answer;
    append_json(answer.body, chat_at(answers[0].get(), 0));
    asked.answer(std::move(answer));
  }
  void failed(bool) override { asked.unavailable("the database cannot be reached"); }
  call asked;
};

}  // namespace

void chats::create(call asked) {
  const auto peer = checked_body(asked, [](std::string_view body) { return parse_user_field(body, "participant"); });
  if (!peer) {
    return;
  }
  if (*peer == asked.user) {
    refuse_body(asked, {422, "participant", "has to be somebody else"});
    return;
  }
  const auto& [low, high] = std::minmax(*peer, std::as_const(asked.user));
  std::vector<statement> group{
      {sql::lock_chat_creation.name, {}}, {sql::insert_chat.name, {low, high}}, {sql::find_pair.name, {low, high}}};
  database_.write(std::move(group), std::make_unique<create_job>(std::move(asked)));
}

void chats::list(call asked) {
  const auto which = parse_page(asked.asked.request().query, false);
  if (!which) {
    asked.refuse(400, which.error());
    return;
  }
  // One row more than asked for tells whether there is a next page.
  std::vector<statement> group{
      {sql::list_chats.name, {asked.user, std::to_string(which->after.value_or(0)), std::to_string(which->limit + 1)}}};
  database_.read(std::move(group), std::make_unique<list_job>(std::move(asked), *which));
}

void chats::one(call asked) {
  std::vector<statement> group{{sql::one_chat.name, {asked.user, std::to_string(asked.chat)}}};
  database_.read(std::move(group), std::make_unique<one_job>(std::move(asked)));
}

}  // namespace api

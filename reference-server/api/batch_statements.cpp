#include "reference-server/api/batch_statements.hpp"

#include "reference-server/api/array_text.hpp"
#include "reference-server/api/rows.hpp"
#include "reference-server/api/sql.hpp"

#include <algorithm>

namespace api {
namespace {

std::string numbers(const std::vector<std::int64_t>& list) {
  number_array text;
  for (std::int64_t number : list) {
    text.add(number);
  }
  return text.take();
}

}  // namespace

batch_statements statements_of(const batch& sent) {
  batch_statements made;
  made.group.push_back({sql::unlock_all.name, {}});
  if (!sent.waited.empty()) {
    made.wait = made.group.size();
    made.group.push_back({sql::wait_for_locks.name, {numbers(sent.waited)}});
  }
  made.try_locks = made.group.size();
  made.group.push_back({sql::try_locks.name, {numbers(sent.tried), numbers(sent.waited)}});
  number_array chats;
  text_array senders;
  text_array bodies;
  text_array keys;
  bool any_key = false;
  for (const post& row : sent.rows) {
    chats.add(row.chat);
    senders.add(row.sender);
    bodies.add(row.body);
    row.key ? keys.add(*row.key) : keys.add_null();
    any_key = any_key || row.key;
  }
  made.insert = made.group.size();
  made.group.push_back({sql::insert_messages.name, {chats.take(), senders.take(), bodies.take(), keys.take()}});
  if (any_key) {
    const auto& inserted = made.group.back().parameters;
    statement look_up{sql::find_keys.name, {inserted[0], inserted[1], inserted[3]}};
    made.find_keys = made.group.size();
    made.group.push_back(std::move(look_up));
  }
  return made;
}

batch_outcome outcome_of(const batch& sent, const batch_statements& statements, const std::vector<result>& results) {
  batch_outcome outcome;
  outcome.had = parse_number_array(text_at(results[statements.try_locks].get(), 0, 0));
  std::sort(outcome.had.begin(), outcome.had.end());
  outcome.rows.resize(sent.rows.size());
  // A key's own row is found by the look-up too, so the inserted ones are filled in last.
  if (statements.find_keys) {
    const PGresult* found = results[*statements.find_keys].get();
    for (int i = 0; i < PQntuples(found); ++i) {
      outcome.rows.at(static_cast<std::size_t>(number_at(found, i, 0) - 1)) = {
          stored_row::kind::key_known, number_at(found, i, 1), time_at(found, i, 2), text_at(found, i, 3),
          text_at(found, i, 4)};
    }
  }
  const PGresult* inserted = results[statements.insert].get();
  for (int i = 0; i < PQntuples(inserted); ++i) {
    outcome.rows.at(static_cast<std::size_t>(number_at(inserted, i, 0) - 1)) = {
        stored_row::kind::stored, number_at(inserted, i, 1), time_at(inserted, i, 2), text_at(inserted, i, 3), {}};
  }
  return outcome;
}

}  // namespace api

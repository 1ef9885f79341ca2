// The writer's pipeline as statements, and its results as outcomes of rows. Pure: no connection needed.
#pragma once

#include "reference-server/api/postgres_group.hpp"
#include "reference-server/api/time_point.hpp"
#include "reference-server/api/write_queue.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace api {

// The statements of CONTRACT's order, in one group: unlock, [wait], try, insert, [find keys].
struct batch_statements {
  std::vector<statement> group;
  std::optional<std::size_t> wait;  // places in the group
  std::size_t try_locks = 0;
  std::size_t insert = 0;
  std::optional<std::size_t> find_keys;
};
batch_statements statements_of(const batch& sent);

// What the database says about one row. Views point into the results.
struct stored_row {
  enum class kind { none, stored, key_known };
  kind what = kind::none;  // none: no such chat of this sender, unless its lock was not had
  std::int64_t id = 0;
  time_point created_at;
  std::string_view recipient;
  std::string_view first_body;  // of the message that has the key
};

struct batch_outcome {
  std::vector<std::int64_t> had;  // chats whose lock was had, ascending
  std::vector<stored_row> rows;   // one for each row of the batch
};
batch_outcome outcome_of(const batch& sent, const batch_statements& statements, const std::vector<result>& results);

}  // namespace api

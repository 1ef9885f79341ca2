// What goes into a PostgreSQL connection and what comes out: groups of prepared statements and their results. Values.
#pragma once

#include <libpq-fe.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace api {

struct prepared {
  const char* name;
  const char* sql;
};

struct statement {
  const char* name;                     // of a prepared statement
  std::vector<std::string> parameters;  // in text form, free of U+0000
};

struct result_deleter {
  void operator()(PGresult* result) const { PQclear(result); }
};
using result = std::unique_ptr<PGresult, result_deleter>;

// What became of a group. Without a failure it is committed; with one it is rolled back.
struct group_result {
  struct failure_of {
    std::size_t statement;  // its index; the group's size when the commit itself failed
    std::string sqlstate;
    std::string message;
  };
  std::vector<result> results;  // one for each statement before the failure
  std::optional<failure_of> failure;
};

struct postgres_settings {
  std::string conninfo;          // as libpq takes it
  std::string application_name;  // shown in pg_stat_activity
  std::string session;           // SELECT statement that sets up the session, "" for none
  std::vector<prepared> statements;
};

}  // namespace api

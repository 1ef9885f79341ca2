// The two tables of the chat and how they come to be. Constants only; whoever holds a PostgreSQL connection runs them.
//
// `create_or_check` is one statement, safe to run by any number of processes at once and again at every connection:
// under advisory lock -2 it makes the tables when they are absent, and else compares the version in the comment of the
// table `message`. An unknown version raises SQLSTATE `unknown_version`.
#pragma once

namespace schema {

inline constexpr int version = 1;
inline constexpr const char* unknown_version = "RC001";

// Advisory locks of the database: a chat's id, and these two.
inline constexpr long long chat_creation_lock = -1;
inline constexpr long long schema_lock = -2;

extern const char* const create_or_check;

}  // namespace schema

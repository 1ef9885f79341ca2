// Who the users of a target are and how they log in. Plain data.
#pragma once

#include "harness/client/target/http_step.hpp"
#include "harness/client/target/variables.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace client {

struct login_description {
  enum class kind : std::uint8_t { jwt, steps, none };
  enum class algorithm : std::uint8_t { hs256, rs256 };

  kind by = kind::jwt;
  // jwt: tokens minted by us.
  algorithm signed_by = algorithm::hs256;
  std::string secret;           // or the private key, PEM; never written to a run directory
  std::string secret_variable;  // the environment variable it came from; ROLLCALL_SECRET when it was written out
  std::chrono::seconds ttl{3600};
  std::optional<text_template> subject;  // else the user's id
  std::optional<text_template> claims;   // JSON, besides sub, iat and exp
  // steps
  http_steps steps;
  std::vector<int> refresh_on;                   // statuses after which we log in once more
  std::optional<std::chrono::seconds> lifetime;  // of a session, after which we log in again
  std::string sessions;                          // the file that keeps them between runs; empty: none does
  // all
  std::optional<text_template> id;  // what names a user in answers and frames; else ${name}
  // On every later request; none and jwt: Authorization: Bearer ${token}.
  std::vector<std::pair<std::string, std::optional<text_template>>> headers;
  std::vector<std::pair<std::string, std::optional<text_template>>> query;
  std::optional<double> pace;  // logins per second

  bool needs_requests() const noexcept { return by == kind::steps; }
};

// Rows, each a user; each column a variable.
struct users_description {
  enum class kind : std::uint8_t { generated, pattern, csv, command };

  kind from = kind::generated;                                 // names given by whoever runs
  std::optional<std::uint64_t> rows;                           // nothing: as many as are wanted
  std::uint64_t first = 1;                                     // pattern: ${n} of the first
  std::vector<std::pair<std::string, text_template>> columns;  // pattern
  std::string file;                                            // csv
  std::vector<std::string> command;                            // its program and arguments
  std::vector<std::string> names;                              // csv, and command once it has run: of the columns
  std::vector<std::vector<std::string>> values;                // the same
  http_steps sign_up;                                          // before the first login

  // A command's rows are known only when it has run.
  bool wants_command() const noexcept { return from == kind::command && !rows; }
  // The variables of row `index`, from 0. `given` is the name that a generated user has, `run` the run's.
  variables row(std::uint64_t index, std::string_view given) const;
};

}  // namespace client

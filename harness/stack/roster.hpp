// The parts of one stack in the order in which they are started, made from a plan: programs found, folders made, ports
// reserved. Nothing runs yet. Owned by the supervisor; the account and folders live as long as the parts.
#pragma once

#include "harness/stack/account.hpp"
#include "harness/stack/directory.hpp"
#include "harness/stack/failure.hpp"
#include "harness/stack/part.hpp"
#include "harness/stack/plan.hpp"

#include <deque>
#include <memory>
#include <optional>
#include <string>

namespace stack {

struct roster {
  account who;
  std::optional<private_directory> home;
  std::optional<data_directory> data;
  std::filesystem::path logs;
  std::deque<part> parts;  // PostgreSQL and Redis first

  part* find(std::string_view name);
};

// `secret` may be empty: then it is random, or the one kept in the data directory.
start_result<std::unique_ptr<roster>> make_roster(const plan& wanted, const std::string& secret);

}  // namespace stack

// Sessions of a target that outlive a run: what its log-ins captured and the cookies they got, in a file that only its
// owner may read (0600), used until they expire. Shared by the users of a process, on their thread; several processes
// may have the same file. What was added is in the file when the store goes.
#pragma once

#include "harness/client/jwt/token.hpp"
#include "harness/client/target/target.hpp"
#include "harness/client/target/variables.hpp"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace client {

struct kept_session {
  std::vector<std::pair<std::string, variable>> values;
  std::vector<std::pair<std::string, std::string>> cookies;
  jwt::wall_time ends{};
};

class session_store {
 public:
  // Reads the target's file; nothing for a target that keeps no sessions. A file that cannot be read, or was written
  // for another address or another way to log in, holds none.
  static std::shared_ptr<session_store> of(const target& target);
  ~session_store();
  session_store(const session_store&) = delete;
  session_store& operator=(const session_store&) = delete;

  // Nothing when there is none, or little is left of it.
  const kept_session* find(const std::string& who, jwt::wall_time now) const;
  void keep(const std::string& who, kept_session session);
  void forget(const std::string& who);
  // Adds to the file what was kept or forgotten since it was read; what other processes added stays. Fails with a
  // clause.
  checked<void> save();

  // By what a user of the target is known here: a digest of the columns that its row has.
  static std::string name_of(const users_description& users, const variables& row);

 private:
  session_store(std::string path, std::string made_for, std::chrono::seconds lifetime);

  std::string path_;
  std::string made_for_;
  std::chrono::seconds margin_;
  std::map<std::string, kept_session> sessions_;
  std::map<std::string, bool> changed_;  // kept or forgotten
};

}  // namespace client

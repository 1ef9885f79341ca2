#include "harness/stack/directory.hpp"

#include "harness/stack/secret.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <deque>
#include <fstream>

namespace stack {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t longest_socket_path = sizeof(sockaddr_un::sun_path) - 1;
constexpr const char* longest_socket_name = "/rc-XXXXXX/s/.s.PGSQL.5432";

start_error out_of_reach(const account& who, const fs::path& wall, const std::string& named) {
  return {failure::usage, named + ": the user " + who.name + ", who runs PostgreSQL, may not enter " + wall.string() +
                              "; choose another directory or run chmod o+x " + wall.string()};
}

}  // namespace

fs::path temporary_base() {
  const char* chosen = std::getenv("TMPDIR");
  return chosen && *chosen ? fs::absolute(chosen) : fs::path("/tmp");
}

start_result<private_directory> private_directory::make(const fs::path& base, const account& who) {
  const std::size_t length = base.string().size() + std::string_view(longest_socket_name).size();
  if (length > longest_socket_path) {
    return start_error{failure::usage, base.string() + ": too long for unix sockets: " + base.string() +
                                           longest_socket_name + " has " + std::to_string(length) +
                                           " bytes and the kernel takes " + std::to_string(longest_socket_path) +
                                           "; set TMPDIR to a shorter directory"};
  }
  if (base.string().find(',') != std::string::npos) {
    return start_error{failure::usage, base.string() +
                                           ": has a comma, which PostgreSQL takes for the end of a path; set "
                                           "TMPDIR to another directory"};
  }
  std::string name = (base / "rc-XXXXXX").string();
  if (!::mkdtemp(name.data())) {
    return start_error{failure::usage, "cannot make a directory in " + base.string() + ": " +
                                           std::generic_category().message(errno) + "; set TMPDIR to one that works"};
  }
  private_directory made{fs::path(name)};
  if (who.switched && ::chmod(name.c_str(), 0711) != 0) return system_failure("chmod " + name, errno);
  if (const auto wall = closed_to(who, made.path())) return out_of_reach(who, *wall, base.string());
  if (auto sockets = make_folder(who, made.sockets()); !sockets) return sockets.error();
  return made;
}

start_result<fs::path> private_directory::folder_for(const account& who, const std::string& name) const {
  return make_folder(who, path_ / name);
}

void private_directory::remove() noexcept {
  if (path_.empty()) return;
  // A file that appears while we remove (a process that is just being reaped) makes the first try fail.
  for (int attempt = 0; attempt < 5; ++attempt) {
    std::error_code problem;
    fs::remove_all(path_, problem);
    if (!problem) break;
  }
  path_.clear();
}

start_result<data_directory> data_directory::open(const fs::path& path, const account& who) {
  std::error_code problem;
  const bool existed = fs::exists(path, problem);
  if (existed && !fs::is_directory(path, problem)) {
    return start_error{failure::usage, path.string() + ": is not a directory"};
  }
  const fs::path mark = path / "rollcall-data";
  if (existed && !fs::exists(mark, problem)) {
    if (!fs::is_empty(path, problem)) {
      return start_error{failure::usage, path.string() +
                                             ": is not empty and holds no data of a private stack; name a "
                                             "new or an empty directory"};
    }
  }
  fs::create_directories(path, problem);
  if (problem) return start_error{failure::usage, path.string() + ": cannot be made: " + problem.message()};
  if (who.switched && !existed && ::chmod(path.c_str(), 0711) != 0)
    return system_failure("chmod " + path.string(), errno);
  if (const auto wall = closed_to(who, path)) return out_of_reach(who, *wall, path.string());

  descriptor lock(::open(mark.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!lock.open()) {
    return start_error{failure::usage,
                       path.string() + ": cannot be written: " + std::generic_category().message(errno)};
  }
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    return start_error{failure::usage, path.string() + ": another stack is running on it; stop that one first"};
  }
  return data_directory(path, std::move(lock));
}

start_result<std::string> data_directory::secret(const std::string& wanted) const {
  const fs::path file = path_ / "secret";
  if (wanted.empty()) {
    const std::string kept = read_secret(file);
    if (kept.size() >= shortest_secret) return kept;
  }
  const std::string made = wanted.empty() ? new_secret() : wanted;
  const fs::path fresh = path_ / "secret.new";
  descriptor writing(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!writing.open() || !write_line(writing.get(), made)) return system_failure("write " + fresh.string(), errno);
  std::error_code problem;
  fs::rename(fresh, file, problem);
  if (problem) return start_error{failure::usage, file.string() + ": cannot be written: " + problem.message()};
  return made;
}

start_result<fs::path> make_folder(const account& who, const fs::path& path) {
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return system_failure("mkdir " + path.string(), errno);
  if (who.switched && ::chown(path.c_str(), who.uid, who.gid) != 0) {
    return system_failure("chown " + path.string(), errno);
  }
  return path;
}

std::string last_lines(const fs::path& file, std::uintmax_t from, int lines) {
  std::ifstream log(file);
  log.seekg(static_cast<std::streamoff>(from));
  std::deque<std::string> kept;
  for (std::string line; std::getline(log, line);) {
    if (line.empty()) continue;
    constexpr std::size_t widest = 400;
    kept.push_back("  " + line.substr(0, widest));
    if (static_cast<int>(kept.size()) > lines) kept.pop_front();
  }
  std::string all;
  for (const auto& line : kept) all += (all.empty() ? "" : "\n") + line;
  return all;
}

}  // namespace stack

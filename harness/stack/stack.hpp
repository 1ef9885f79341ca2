// The private stack as its user sees it: real PostgreSQL and Redis, the api and gateway processes, all started for one
// run and gone after it. The work is done by a supervisor process (`rollcall-stack`, in a session of its own); this
// class holds the other ends of its two pipes. When this process ends in whatever way, SIGKILL included, the pipe
// closes and the supervisor stops every part and removes the directory.
//
// Owned by whoever needs a stack (conform, up, a test), used from that one thread only. start() blocks until all parts
// are ready; the calls of client::parts block until done, at most 10 s (start of a part 20 s). Nothing here throws.
// Both pipes are close-on-exec: a child of this process that forks *without* exec would keep the stack alive.
#pragma once

#include "harness/client/parts.hpp"
#include "harness/stack/failure.hpp"

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stack {

struct options {
  int api = 1;         // rollcall-api processes, 0..16, named api1, api2, …
  int gateway = 1;     // rollcall-gateway processes, 0..16, named g1, g2, …
  bool stores = true;  // PostgreSQL and Redis; needed by api and gateway, not by a replacement
  // HAProxy with the configuration of ci/haproxy before the api and gateway processes: base_urls() and socket_urls()
  // are then its one address.
  bool balancer = false;

  // Flags added to a program's own (a --redis among them takes the place of its own), by the name of the part ("api2")
  // or of its kind ("api", "gateway", "redis", "postgres"); a part gets its kind's first, then its own. {"gateway",
  // {"--ping-interval", "2s"}}
  std::map<std::string, std::vector<std::string>, std::less<>> arguments;
  // Appended to the connection string that the api processes get, with a space: "options='-c search_path=x,public'".
  std::string postgres_suffix;

  // Runs this program *instead of* api and gateway, as the one part "server" that serves REST and /ws on one port
  // (rollcall-faulty, a stand-in). A name without a slash is looked for beside this program, then in PATH. It gets
  // --listen, --ready-fd and replacement_arguments. `stores` may be false then.
  std::optional<std::filesystem::path> replacement;
  std::vector<std::string> replacement_arguments;

  // Keeps the database and the secret here from run to run. Without it all lives in a directory that is removed.
  std::optional<std::filesystem::path> data;
  // Where <part>.log and supervisor.log go; made when absent. Without it: in the data directory, else in directory().
  std::optional<std::filesystem::path> logs;
  // At least 32 bytes, given to api, gateway and replacement by environment. Empty: a random one (kept with `data`).
  std::string secret;
  // Where rollcall-stack, rollcall-api and rollcall-gateway are. Empty: beside /proc/self/exe.
  std::filesystem::path programs;

  // Parts (by name) that are made, with their addresses, and not started: start() does that later.
  std::vector<std::string> down;

  std::chrono::milliseconds deadline{30'000};  // for the whole start
  int interrupt_fd = -1;                       // start() gives up, cleanly, when this becomes readable (a signalfd)
};

class stack final : public client::parts {
 public:
  // Blocks until every part is ready. On failure everything has been stopped and removed when it returns.
  static start_result<std::unique_ptr<stack>> start(const options& wanted);
  // Stops everything and waits for it (at most 20 s).
  ~stack() override;

  // Stops everything and waits until no process and, unless kept, no directory is left. False when the supervisor was
  // not done in 20 s. May be called twice.
  bool shut_down();

  // "http://127.0.0.1:40001", one per api process (or the replacement's); with a balancer its own.
  std::vector<std::string> base_urls() const;
  // Those of the api processes (or the replacement's) themselves.
  std::vector<std::string> direct_urls() const;
  // "ws://127.0.0.1:40003/ws", one per gateway process (or the replacement's); with a balancer its own.
  std::vector<std::string> socket_urls() const;
  // "http://127.0.0.1:40002" by part; parts without an admin port are left out.
  std::map<std::string, std::string> admin_urls() const;
  const std::string& secret() const noexcept;
  const std::filesystem::path& directory() const noexcept;  // of sockets and, unless kept elsewhere, data
  const std::filesystem::path& logs() const noexcept;
  std::string postgres_conninfo() const;     // for libpq; empty without stores
  std::filesystem::path redis_path() const;  // of its unix socket; empty without stores
  int supervisor_pid() const noexcept;

  // Why the stack went down on its own ("api1 was ended by signal 9 (Killed)"), the part's last log lines below it.
  // Never blocks. Empty while all is well.
  std::optional<std::string> failed();
  // Readable when failed() may have something to say; for a poll loop. Do not read from it.
  int event_fd() const noexcept;

  std::vector<client::part> list() const override;
  client::parts_result stop(std::string_view name) override;
  client::parts_result kill(std::string_view name) override;
  // All of them at once, not one after another.
  client::parts_result kill_together(const std::vector<std::string>& names);
  client::parts_result pause(std::string_view name) override;
  client::parts_result resume(std::string_view name) override;
  client::parts_result start(std::string_view name) override;

 private:
  struct state;
  explicit stack(std::unique_ptr<state> own) noexcept;
  std::unique_ptr<state> state_;
};

}  // namespace stack

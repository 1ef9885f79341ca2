// How one kind of program is run: its command line, how to see that it is ready, which signal ends it in good order.
// One recipe per part, owned by that part; makes no process itself and never blocks for more than a few milliseconds.
#pragma once

#include "harness/stack/directory.hpp"
#include "harness/stack/loopback_port.hpp"
#include "harness/stack/process.hpp"

#include <signal.h>
#include <sys/types.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stack {

class recipe {
 public:
  virtual ~recipe() = default;

  // A program that has to end well before the main one starts (initdb), if there is one to run.
  virtual start_result<std::optional<process::program>> preparation() { return std::optional<process::program>{}; }
  virtual start_result<void> prepared() { return {}; }
  // The part's own program; asked for anew for each start. Arguments that hold addresses stay the same.
  virtual start_result<process::program> main_program() = 0;
  // The main program has been started: its end of a ready pipe can be closed here.
  virtual void started() {}
  // Asked every few milliseconds while the main program, process `pid`, is coming up.
  virtual bool ready(pid_t pid) = 0;
  // Asked after ready(), before the stack is announced: it can do its work (an api has reached its database). Not asked
  // when a single part is started later, for others may be down on purpose then.
  virtual bool serves() { return true; }

  virtual int stop_signal() const noexcept { return SIGTERM; }
  // After 5 s without effect.
  virtual int second_signal() const noexcept { return SIGKILL; }
  // The processes are gone for good: remove what they left outside of the directory.
  virtual void clear() noexcept {}

  virtual std::string address() const = 0;
  virtual std::string admin() const { return {}; }
};

// PostgreSQL on a unix socket, trusting whoever can reach it; a new cluster when `cluster` holds none.
std::unique_ptr<recipe> make_postgres(const account& who, const std::filesystem::path& initdb,
                                      const std::filesystem::path& postgres, const std::filesystem::path& cluster,
                                      const std::filesystem::path& sockets, std::vector<std::string> more);
// What libpq needs to reach it.
std::string postgres_conninfo(const std::filesystem::path& sockets);

// Redis on a unix socket, keeping nothing; works in `folder`.
std::unique_ptr<recipe> make_redis(const account& who, const std::filesystem::path& program,
                                   const std::filesystem::path& folder, const std::filesystem::path& sockets,
                                   std::vector<std::string> more);
std::filesystem::path redis_path(const std::filesystem::path& sockets);

// One of the server's programs (or a replacement): --listen on a reserved port, --ready-fd, the secret by environment.
struct service {
  std::filesystem::path program;
  std::vector<std::string> arguments;
  std::string secret;
  bool admin = true;  // takes --admin-listen
};
start_result<std::unique_ptr<recipe>> make_service(service what);

// A process behind the balancer.
struct balanced {
  std::string name, address, admin;
};
// HAProxy with the shipped configuration (a copy in `folder`), which knows sixteen of each kind; ready when it has an
// api and a gateway to send to.
start_result<std::unique_ptr<recipe>> make_haproxy(const account& who, const std::filesystem::path& program,
                                                   const std::filesystem::path& folder,
                                                   const std::vector<balanced>& behind);
extern const std::string_view haproxy_configuration;

}  // namespace stack

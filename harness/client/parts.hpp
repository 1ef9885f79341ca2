// The parts a target is made of, and what can be done to them: the interface through which conformance cases and load
// runs stop, kill and pause processes without knowing who runs them. The private stack implements it; a target that
// offers no such control has none (a null pointer, and the cases that need it are "not run").
//
// Used from the thread of its owner only. Every call blocks until it is done or its own deadline (10 s unless the
// implementation says otherwise) has passed; nothing here throws.
#pragma once

#include <boost/system/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace client {

// Which job a part does. A broker is what carries messages between processes (Redis), a balancer what spreads clients.
enum class part_kind : std::uint8_t { api, gateway, database, broker, balancer };

std::string_view to_string(part_kind kind) noexcept;

struct part {
  std::string name;  // unique within the target: "api1", "g1", "postgres", "redis"
  part_kind kind = part_kind::api;
  int pid = 0;          // of the process (the main one of several); 0 while it is not running
  std::string address;  // "127.0.0.1:40001" or the path of a unix socket; empty when unknown
  std::string admin;    // metrics and health, "127.0.0.1:40002"; empty when there is none
  bool paused = false;  // between pause() and resume()
};

// Why a part could not be stopped, started, …; `what` is one line for people ("api1: no such part; there are …").
struct parts_error {
  std::string what;
};

using parts_result = boost::system::result<void, parts_error>;

// boost::system::result asks for this when somebody takes the value of a failure without looking.
[[noreturn]] void throw_exception_from_error(const parts_error& error, const boost::source_location& where);

class parts {
 public:
  virtual ~parts() = default;

  // All parts in the order in which they were started, those that are down included.
  virtual std::vector<part> list() const = 0;

  // Orderly stop (SIGTERM or what the part wants); returns once the process has been reaped.
  virtual parts_result stop(std::string_view name) = 0;
  // SIGKILL; returns once the process has been reaped. Children of a database server go with it.
  virtual parts_result kill(std::string_view name) = 0;
  // SIGSTOP to every process of the part; returns once they are all in state T.
  virtual parts_result pause(std::string_view name) = 0;
  // SIGCONT. Resuming what is not paused is no error.
  virtual parts_result resume(std::string_view name) = 0;
  // Starts a part that is down, at the same address; returns once it reports ready. Starting what runs is an error.
  virtual parts_result start(std::string_view name) = 0;

 protected:
  parts() = default;
  parts(const parts&) = delete;
  parts& operator=(const parts&) = delete;
};

}  // namespace client

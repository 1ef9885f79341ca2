// The doctor: one walk through a target, step by step, as a person would try it by hand: from the name of the host to a
// message that was dropped because nobody was connected. Each step that fails says whose fault it is and how to mend
// it. Blocking, on the calling thread; it makes three users, two chats, three sockets and at most some seventy
// messages.
#pragma once

#include "harness/client/doctor/diagnosis.hpp"
#include "harness/client/doctor/measured.hpp"
#include "harness/client/target/target.hpp"
#include "harness/client/transport/options.hpp"
#include "harness/client/user/created_thing.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace client::doctor {

enum class outcome : std::uint8_t {
  good,
  failed,
  skipped,  // one that it needs has failed
};

struct step {
  std::string name;  // "resolve", "login", …
  doctor::outcome outcome = doctor::outcome::good;
  std::string said;                     // what came, one clause: "201, chat 17"
  std::string key;                      // of the target file, the one to look at: "rest.send"; empty: none
  std::optional<diagnosis> why;         // of a failure
  std::vector<std::string> transcript;  // what came on the wire, when it was asked for
};

struct examination {
  std::vector<step> steps;
  std::vector<measurement> measured;  // what the file leaves out or has otherwise

  bool healthy() const;
  const step* first_failure() const;  // null when healthy
};

struct options {
  std::string run = "doctor";                     // part of the text of every message
  std::vector<std::string> users = {};            // three user ids; fewer: "rc-<run>-1" and so on
  transport::options connections = {};            // how they are made
  bool transcript = false;                        // keep what went over the wire
  bool file_is_right = false;                     // it comes with us: what does not fit is the server's fault
  std::function<void(const step&)> on_step = {};  // after each step
  std::function<bool()> stop = {};                // asked between steps: true ends the walk
  std::function<void(const created_thing&)> on_created = {};  // of what is made on the target
};

// Never throws for what the target does.
examination examine(const target& target, const options& options);

// The first steps alone, by two users, one chat, one socket and one message: what must hold before a run can tell
// anything. Returns the step that says that the target does not answer or that the file points at the wrong place; what
// a suite finds by itself, such as a message that does not come, is no such thing. Of good targets it takes some round
// trips, of one that delivers nothing a second more.
std::optional<step> smoke(const target& target, const options& options);

}  // namespace client::doctor

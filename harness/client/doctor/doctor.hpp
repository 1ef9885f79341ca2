// The doctor: one walk through a target, step by step, as a person would try it by hand: from the name of the host to a
// message that was dropped because nobody was connected. Each step that fails says whose fault it is and how to mend
// it. Blocking, on the calling thread; it opens at most three users, three chats and six sockets.
#pragma once

#include "harness/client/doctor/diagnosis.hpp"
#include "harness/client/target/target.hpp"
#include "harness/client/transport/options.hpp"

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

// What the target file may leave out or have wrong, found by trying.
struct measured {
  std::optional<bool> echo;               // the sender's own socket got the message
  std::optional<offline_policy> offline;  // what became of a message for nobody connected
  std::optional<int> stranger_status;     // a history asked for by somebody else
  std::optional<int> bad_token_status;    // a request with a credential that is none
};

struct examination {
  std::vector<step> steps;
  doctor::measured measured;

  bool healthy() const;
  const step* first_failure() const;  // null when healthy
  // What was measured and differs from the file or is absent in it, as YAML to paste; empty when nothing is.
  std::string yaml(const target& target) const;
};

struct options {
  std::string run = "doctor";                     // part of the text of every message
  std::vector<std::string> users = {};            // three user ids; fewer: "rc-<run>-1" and so on
  transport::options connections = {};            // how they are made
  bool transcript = false;                        // keep what came on the wire
  std::function<void(const step&)> on_step = {};  // after each step
  std::function<bool()> stop = {};                // asked between steps: true ends the walk
};

// Never throws for what the target does.
examination examine(const target& target, const options& options);

// The first steps alone, by two users, one chat, one socket and one message: what must hold before a run can tell
// anything. Returns the step that says that the target does not answer or that the file points at the wrong place; what
// a suite finds by itself, such as a message that does not come, is no such thing. Of good targets it takes some round
// trips, of one that delivers nothing a second more.
std::optional<step> smoke(const target& target, const options& options);

}  // namespace client::doctor

// A chat backend as its target file describes it: where it listens, how its users log in, what it claims and what it
// declares to be by design. Plain data: built once by load_target(), then shared read-only by everything of a run.
#pragma once

#include "harness/client/target/login_description.hpp"
#include "harness/client/target/rest_description.hpp"
#include "harness/client/target/socket_description.hpp"
#include "harness/client/target/tree.hpp"
#include "harness/client/target/url.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace client {

// What becomes of a message whose recipient has no socket: read later from history only, or sent on the next socket.
enum class offline_policy : std::uint8_t { discard, replay };

// How much a requirement or a run may do to a target that is not here.
enum class impact : std::uint8_t { passive, writes, intrusive, disruptive };

inline constexpr std::chrono::milliseconds longest_warm_up{60'000};

struct delivery_rules {
  std::chrono::milliseconds settle{0};    // how long after the acknowledgement a new socket may still get it
  std::vector<std::uint16_t> loss_codes;  // close codes that announce that messages may be missing
  offline_policy offline = offline_policy::discard;
  bool echo = false;      // the sender's own sockets get the message too
  bool everyone = false;  // who is connected gets it, in the chat or not; the reason stands in deviations, at ISO-01
  std::chrono::milliseconds warm_up{0};  // how long after ready a socket may miss messages; up to longest_warm_up
};

// The statuses that this target gives; an empty list is the usual ones.
struct error_rules {
  std::vector<int> bad_input;
  std::vector<int> no_session;
  std::vector<int> stranger;
  std::vector<int> missing;
  std::chrono::milliseconds rate_limit{0};  // the least time between two messages of one user
};

// The owner's word for a target that is not on this machine. Rates are per second.
struct allowance {
  std::vector<std::string> hosts;
  std::chrono::year_month_day until{};  // the last day, UTC
  std::optional<double> max_rate;       // requests that write
  std::optional<std::uint64_t> max_users;
  std::optional<double> max_connects;
  std::optional<double> max_logins;
  std::vector<impact> impacts;  // besides passive, which is always allowed
};

struct target {
  std::string file;              // where it was read, for messages
  std::string name;              // [a-z0-9][a-z0-9._-]{0,63}
  std::string version;           // may be empty
  std::vector<url> base_urls;    // at least one; requests go round
  std::vector<url> direct_urls;  // single server processes, for framing cases; may be empty
  socket_description socket;
  users_description users;
  login_description login;
  std::optional<rest_description> rest;  // nothing: the reference's shapes
  error_rules errors;
  http_steps cleanup;
  std::vector<std::string> features;  // claimed; each one of known_features
  delivery_rules delivery;
  std::chrono::milliseconds patience{10'000};  // how long anything may take before it is called missing
  std::optional<allowance> allow;
  std::map<std::string, std::string> deviations;  // requirement id -> reason
  std::vector<std::string> secrets;               // what must never be shown: values that came from the environment
  std::shared_ptr<const tree> source;             // as written, for to_yaml(); nothing when it was built in code

  // Also "echo" and "replay", which follow from `delivery`.
  bool claims(std::string_view feature) const;
  // "shop-chat@4f2c1e9 127.0.0.1:8080" (several base URLs: the first and how many more), for the first and last line.
  std::string title() const;
};

}  // namespace client

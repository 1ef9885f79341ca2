// Removes from a target what a run made there, by the cleanup steps of its target file. A step that names the chat or
// its other member runs once for each chat, as the user who made it; any other step afterwards, once for each user
// whom the run registered; where no step is about a chat, for each user who made one, too. Blocking, on the calling
// thread; it keeps to the rates of the file and ends at its limit.
#pragma once

#include "harness/client/net.hpp"
#include "harness/client/target/target.hpp"
#include "harness/client/transport/options.hpp"
#include "harness/client/user/created_thing.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace client::cleanup {

struct options {
  transport::options connections = {};
  std::string agent = "rollcall";                             // User-Agent
  time_point limit = time_point::max();                       // what is not removed then is left
  std::function<bool()> stop = {};                            // asked all the time: true ends it
  std::function<void(const created_thing&)> on_removed = {};  // at once
  std::function<void(std::size_t done, std::size_t all)> on_progress = {};
};

struct outcome {
  std::vector<created_thing> removed = {};  // those that were gone already among them
  std::size_t gone = 0;                     // how many those are
  std::vector<created_thing> left = {};
  std::string why = {};      // of the first thing that is left; empty: there was no time, or no step is about it
  bool unreachable = false;  // the target did not answer: the rest was not tried
};

// The steps that are about each chat, and those that are about each user.
struct plan {
  http_steps of_chat;
  http_steps of_user;
};
plan plan_of(const target& target);

// Never throws for what the target does.
outcome clean(const target& target, std::vector<created_thing> things, const options& options);

}  // namespace client::cleanup

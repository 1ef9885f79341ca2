// Runs described requests one after the other, each with what the ones before it captured. Lives in its callbacks.
#pragma once

#include "harness/client/user/state.hpp"

#include <functional>
#include <memory>
#include <string>

namespace client {

struct step_outcome {
  http::exchange last;  // the answer to the last request that was sent
  std::string
      problem;        // "login.steps (shop.yaml:12): POST /login was answered 401, expected 200"; empty: all went well
  bool gone = false;  // an answer was 404 or 410, and that was well
};

struct step_work {
  std::shared_ptr<user::state> self;
  std::shared_ptr<user::state> peer = {};  // for steps as the peer
  const http_steps* steps = nullptr;       // of the target
  std::shared_ptr<variables> into = {};    // what is captured
  std::shared_ptr<variables> chat = {};    // known as ${chat.…}, and without a prefix
  bool bare = false;                       // without the session: these make it
  bool gone_is_well = false;               // what 404 or 410 says is gone needs not be removed
  call with = {};
};

// `done` is called from the loop, not when the user was destroyed first.
void run_steps(step_work work, std::function<void(const step_outcome&)> done);

}  // namespace client

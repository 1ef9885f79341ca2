// What the simulated users of one worker share. Owned by the worker, on its thread; outlives its users.
#pragma once

#include "harness/client/http/pool.hpp"
#include "harness/client/net.hpp"
#include "harness/client/target/target.hpp"
#include "harness/client/user/created_file.hpp"
#include "harness/client/user/login_pace.hpp"
#include "harness/client/user/session_store.hpp"
#include "harness/ledger/live/live_ledger.hpp"
#include "loadgen/plan/random_stream.hpp"
#include "loadgen/users/tally.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace loadgen {

// A chat of this worker.
struct shared_chat {
  std::string id;            // the target's; empty until it was made
  std::uint32_t number = 0;  // of the run
  std::uint32_t a = 0;
  std::uint32_t b = 0;
};

struct crowd {
  client::asio::io_context& io;
  std::shared_ptr<const client::target> target;
  std::shared_ptr<client::http::pool> pool;
  std::size_t connections;  // of the pool
  ledger::live_ledger& ledger;
  tally& counts;
  std::shared_ptr<client::login_pace> pace;         // of logins; nothing: as fast as they come
  std::shared_ptr<client::session_store> sessions;  // where the target's are kept; nothing: nowhere
  std::shared_ptr<client::created_file> created;    // what is made on the target; nothing: nobody wants to know
  std::string agent;                                // User-Agent
  std::string run;                                  // its users are called rc-RUN-NUMBER
  std::vector<shared_chat> chats;                   // by number, from first_chat
  std::uint32_t first_chat = 0;
  client::time_point origin;  // time zero of the ledger
  client::time_point begin;   // of the load; set when it is known
  random_stream backoff;
  std::uint64_t online = 0;   // sockets that are ready now
  std::uint64_t sockets = 0;  // that are opening, open or closing
  std::string filler;         // what bodies have after their tag
  std::string scratch;        // of the body that is being written
  std::uint64_t reads = 0;
  std::uint64_t reads_failed = 0;

  ledger::instant latest{};  // that the ledger was told

  // On the ledger's clock, as it was.
  ledger::instant since_origin(client::time_point when) const { return when - origin; }
  // The same for telling the ledger, whose time never goes back: what was read a moment ago and is told only now stands
  // behind what was told meanwhile.
  ledger::instant at(client::time_point when) { return latest = std::max(latest, since_origin(when)); }
  // Since the load began, negative before.
  std::chrono::nanoseconds into_load(client::time_point when) const { return when - begin; }
  shared_chat& chat(std::uint32_t number) { return chats[number - first_chat]; }
};

}  // namespace loadgen

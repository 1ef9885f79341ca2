// One pair of a crowd: what the sender and the recipient are at. Belongs to the crowd's thread.
#pragma once

#include "reference-server/test/crowd_test.hpp"

#include <memory>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

namespace fault_test {

struct crowd::member {
  member(loop& io, const std::shared_ptr<const client::target>& target, const pair_options& wanted,
         const std::string& name)
      : options(wanted),
        sender(io, target, name + "-from", {.connections = wanted.through.size()}),
        recipient(io, target, name + "-to", {.connections = wanted.through.size()}),
        pace(io.get_executor()),
        reconnect(io.get_executor()),
        catch_up_again(io.get_executor()) {}

  pair_options options;
  client::user sender, recipient;
  client::timer pace, reconnect, catch_up_again;
  std::string chat;
  ledger::chat_id number{};
  ledger::user_id from{}, to{};
  bool sending = true, in_flight = false;
  std::size_t acknowledged = 0, refused = 0;
  client::time_point last_acknowledged;
  std::vector<std::chrono::nanoseconds> latencies;
  client::time_point works_since;  // until_it_works() waits for a message POSTed after this
  bool works = false;

  std::unique_ptr<client::chat_socket> socket;
  ledger::socket_id device{};
  client::time_point ready_at;
  std::unordered_set<std::string> on_socket;                      // ids, of the present socket
  std::vector<std::pair<std::string, client::time_point>> acked;  // ids, and when they were POSTed
  std::unordered_set<std::string> known;                          // ids by the client rule
  std::string highest = "0";                                      // that came from history
  bool was_ready = false, catching_up = false, again = false, caught_up = false;
  std::vector<ending> endings;
};

}  // namespace fault_test

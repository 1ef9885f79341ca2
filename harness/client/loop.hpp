// Running the event loop from straight-line code: a conformance case starts something, then pumps the loop until what
// it waits for holds. Used by the one thread that owns the io_context, never from inside one of its handlers.
#pragma once

#include "harness/client/net.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace client {

// Runs handlers until `predicate` holds (true) or `deadline` has passed (false). The predicate is asked before the
// first handler and after each one. At the deadline everything that had already arrived in the kernel is handled
// first, so that a pause of this process is never mistaken for silence of the other side; a peer that never stops
// sending cannot hold the loop for more than one second more. Returns at once when the loop has no work left.
bool pump(asio::io_context& io, const std::function<bool()>& predicate, time_point deadline);

// Handles what is ready now, without waiting: everything that the kernel already holds, and what follows from it. False
// when after one second there still was more.
bool pump_ready(asio::io_context& io);

// Calls `start` with a callback and pumps until that callback was called with a T; nothing when the deadline came
// first. The callback may still be called later: it then goes nowhere.
//   auto sent = client::await<client::reply<client::message>>(io, deadline, [&](auto done) { alice.send(chat, "hi",
//   done); });
template <class T, class Start>
std::optional<T> await(asio::io_context& io, time_point deadline, Start&& start) {
  auto slot = std::make_shared<std::optional<T>>();
  std::forward<Start>(start)([slot](T value) { *slot = std::move(value); });
  pump(
      io, [&] { return slot->has_value(); }, deadline);
  return std::move(*slot);
}

}  // namespace client

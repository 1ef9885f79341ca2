// One way from an answer to the reply of an action, however the action is described. Pure, any thread.
#pragma once

#include "harness/client/target/problem.hpp"
#include "harness/client/user/message.hpp"

#include <string_view>
#include <utility>

namespace client {

// A body that was accepted is read, by `read`: std::string_view to checked<T>; all else is left as it is.
template <class T, class Read>
reply<T> read_reply(http::exchange exchange, bool accepted, const Read& read) {
  reply<T> out;
  out.accepted = accepted;
  if (accepted) {
    checked<T> value = read(std::string_view(exchange.body));
    if (value) {
      out.value = std::move(*value);
    } else {
      out.problem = value.error().clause;
    }
  }
  out.exchange = std::move(exchange);
  return out;
}

}  // namespace client

// Whose fault it is when a target did not answer as its file says: the file's (a wrong address, path, pointer, log-in)
// or the server's (down, slow, broken, shielded by something in front of it), with the words for it. Pure, any thread.
#pragma once

#include "harness/client/http/exchange.hpp"
#include "harness/client/websocket/socket.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace client::doctor {

enum class culprit : std::uint8_t { file, server };
std::string_view to_string(culprit who) noexcept;

struct diagnosis {
  culprit who = culprit::server;
  std::string what;  // what came, one clause for people
  std::string mend;  // the likely mend, one clause; never empty

  friend bool operator==(const diagnosis&, const diagnosis&) = default;
};

// What was asked for: one of these statuses (none: any 2xx) and a body of JSON.
struct expectation {
  std::vector<int> statuses = {};
  bool json = true;
};

// Nothing when the answer is as expected.
std::optional<diagnosis> diagnose(const http::exchange& came, const expectation& expected);

// A socket that ended before it was asked to.
diagnosis diagnose(const websocket::end& came);

// An answer was JSON, but had no usable value at `pointer` (RFC 6901): names the pointers at which one stands that
// looks like it. `problem` is why the value could not be taken.
diagnosis diagnose_pointer(std::string_view json, std::string_view pointer, std::string_view problem);

// The pointers of all scalars in the JSON text whose last token is `wanted` or contains it, whatever its case; the
// closest name first, at most three. Empty when the text is no JSON.
std::vector<std::string> likely_pointers(std::string_view json, std::string_view wanted);

// The pointers of all strings in the JSON text that are or contain `text`, at most three.
std::vector<std::string> pointers_to(std::string_view json, std::string_view text);

}  // namespace client::doctor

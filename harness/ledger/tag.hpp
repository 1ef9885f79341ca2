// The tag that opens the body of every message of a run, and by which the message is known again wherever it shows up.
//
// A body is "<tag>" or "<tag> <rest>". The tag is `rc-RUN-CHAT-SENDER-SEQUENCE-INTENDED-CHECKSUM`: numbers in base 36,
// only [a-z0-9-], at most 64 characters. The checksum covers the tag's fields and every byte after the tag, so a body
// that was cut, trimmed, escaped, normalised or added to is found without keeping bodies.
//
// Plain functions without state. Owner: whoever composes or reads bodies; any thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ledger {

struct tag {
  std::string run;                       // 1 to 8 characters of [a-z0-9]
  std::uint32_t chat = 0;                // the trace's number of the chat, see trace::chat
  std::uint32_t sender = 0;              // the trace's number of the user, see trace::user
  std::uint32_t sequence = 0;            // unique among the messages of one sender in one chat
  std::chrono::nanoseconds intended{0};  // when the plan wanted the POST to begin, since the run's start; >= 0

  friend bool operator==(const tag&, const tag&) = default;
};

struct found_tag {
  ledger::tag tag;
  bool intact = false;  // the checksum holds: tag and rest are byte for byte what was written

  friend bool operator==(const found_tag&, const found_tag&) = default;
};

inline constexpr std::size_t longest_tag = 64;
inline constexpr std::size_t longest_run = 8;

// The whole body. Throws std::invalid_argument for a run that is not 1 to 8 characters of [a-z0-9] or a negative time:
// both are our own mistakes.
std::string write_tag(const tag& value, std::string_view rest);

// The same body at the end of `out`; allocates nothing that `out` has room for. `run` is taken to be a run id, the time
// not to be negative. `value.run` is not looked at.
void append_tag(std::string& out, std::string_view run, const tag& value, std::string_view rest);

// Nothing when the body does not begin with a tag (it is foreign). A tag is readable when everything up to and
// including the sequence is there; anything wrong behind it only makes it not intact, and `intended` may then be 0.
std::optional<found_tag> read_tag(std::string_view body);

// Six characters of [a-z0-9] out of 64 random bits.
std::string make_run_id(std::uint64_t entropy);

bool is_run_id(std::string_view text);

}  // namespace ledger

// A trace as JSON lines: a head line, then names and events in the order of the trace, then a closing line.
//
// The writer adds what is new whenever it is asked to, so an interrupted run leaves a readable file; the reader gives
// the same trace back, so judging it again gives the same verdict. Owner: the run; one thread.
#pragma once

#include "harness/ledger/rules.hpp"
#include "harness/ledger/trace.hpp"

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

namespace record {

inline constexpr std::string_view trace_schema = "rollcall.trace/1";

class trace_writer {
 public:
  // Writes the head line. The stream must outlive the writer; its errors are the caller's to look at.
  trace_writer(std::ostream& out, const ledger::trace& of, std::uint64_t seed, const ledger::rules& declared);

  // Everything that came since the last call. Always the same trace.
  void write(const ledger::trace& of);

  // The closing line: the trace is whole.
  void finish(const ledger::trace& of);

 private:
  std::ostream& out_;
  std::size_t users_ = 0;
  std::size_t chats_ = 0;
  std::size_t messages_ = 0;
  std::size_t events_ = 0;
};

struct stored_trace {
  ledger::trace trace;
  std::uint64_t seed = 0;
  ledger::rules declared;
  bool whole = false;  // has its closing line
};

// Either a trace or one line saying where and what is wrong. A last line that was cut off counts as not written.
struct read_trace_result {
  std::optional<stored_trace> value;
  std::string problem;
};
read_trace_result read_trace(std::istream& in);

}  // namespace record

// What went over the wire in one step, as a person reads it: lines with > for what was asked and < for what came.
// Kept as it was until the step is over, since some of its secrets are known only then. Owned by a visit.
#pragma once

#include "harness/client/doctor/mask.hpp"
#include "harness/client/http/exchange.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace client::doctor {

// Of a body or a frame; what is longer is cut off.
inline constexpr std::size_t most_shown = 2000;

class transcript {
 public:
  void add(std::string_view request, const http::exchange& came);
  void add_frame(char direction, std::string_view frame);  // '>' or '<'
  void clear() { parts_.clear(); }

  // Without secrets and control characters.
  std::vector<std::string> lines(const mask& known) const;

 private:
  struct part {
    char direction = '<';
    std::string line;  // "POST /chats", "201", empty of a frame
    std::vector<http::header> headers;
    std::string body;
  };
  std::vector<part> parts_;
};

// Text in which a terminal finds nothing to obey.
std::string harmless(std::string_view text);

}  // namespace client::doctor

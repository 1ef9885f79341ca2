// The strict look at a request's header block before an HTTP library sees it: what must be refused although common
// parsers let it through, and the size limits. Pure functions over bytes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace faulty {

struct Refusal {
  int status;
  std::string detail;
};

// Judges a whole header block, its empty last line included: 400, 414, 431 or 501, else nothing.
std::optional<Refusal> check_head(std::string_view head);

// Judges the beginning of a header block that is not complete yet, so that nobody can go on for ever: 400, 414 or 431.
std::optional<Refusal> check_partial_head(std::string_view so_far);

}  // namespace faulty

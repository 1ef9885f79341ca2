// Texts that badly kept backends change on their way.
#pragma once

#include <span>
#include <string_view>

namespace conformance {

struct named_text {
  std::string_view name;
  std::string_view text;  ///< UTF-8, none of it blank
};

std::span<const named_text> difficult_texts();

}  // namespace conformance

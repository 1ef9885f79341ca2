#include "reports/terminal/paint.hpp"

#include <fmt/format.h>

namespace reports {

std::string painted(std::string_view text, std::string_view colour_code, bool colour) {
  return colour ? fmt::format("\x1b[{}m{}\x1b[0m", colour_code, text) : std::string(text);
}

std::string_view colour_of(record::run_verdict verdict) {
  if (verdict == record::run_verdict::passed) return green;
  return verdict == record::run_verdict::findings ? red : yellow;
}

std::string_view colour_of(record::requirement_verdict verdict) {
  switch (verdict) {
    case record::requirement_verdict::pass:
      return green;
    case record::requirement_verdict::fail:
    case record::requirement_verdict::error:
      return red;
    default:
      return yellow;
  }
}

}  // namespace reports

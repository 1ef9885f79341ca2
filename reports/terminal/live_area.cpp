#include "reports/terminal/live_area.hpp"

#include "reports/terminal/live_view.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace reports {

std::string live_area::back_to_top(std::size_t columns) const {
  return lines_ == 0 || widest_ > columns ? "\r" : fmt::format("\x1b[{}A\r", lines_);
}

std::string live_area::redraw(std::vector<std::string> lines, std::size_t columns, std::size_t rows) {
  lines.resize(std::min(lines.size(), std::max<std::size_t>(rows, 2) - 1));
  std::string out = back_to_top(columns);
  lines_ = lines.size();
  widest_ = 0;
  for (const auto& line : lines) {
    out += line + "\x1b[K\n";
    widest_ = std::max(widest_, display_width(line));
  }
  return out + "\x1b[J";
}

std::string live_area::clear(std::size_t columns) {
  if (!drawn()) return "";
  const auto out = back_to_top(columns) + "\x1b[J";
  lines_ = 0;
  return out;
}

}  // namespace reports

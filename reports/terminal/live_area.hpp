// Lines at the bottom of a terminal that are written over in place. Gives the bytes to write; owned by whoever writes
// them, in this order and to one terminal.
//
// Moves the cursor up and erases, and no more: it stays visible, no mode is changed. Between two drawings it stands at
// the beginning of the line below, so a program that ends at any moment leaves whole lines and a terminal in order.
// Terminals disagree about where lines and cursor go when they become narrower than what stands there: then the old
// lines are left alone and the next ones begin below, rather than erase what is not ours.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace reports {

class live_area {
 public:
  /// The lines in the place of those drawn before; lines that `rows` leave no room for are left out from the end. Each
  /// line is narrower than `columns`.
  std::string redraw(std::vector<std::string> lines, std::size_t columns, std::size_t rows);

  /// Nothing in their place, the cursor where they began; empty when nothing is drawn.
  std::string clear(std::size_t columns);

  bool drawn() const { return lines_ > 0; }

 private:
  std::string back_to_top(std::size_t columns) const;

  std::size_t lines_ = 0;  // that stand there
  std::size_t widest_ = 0;
};

}  // namespace reports

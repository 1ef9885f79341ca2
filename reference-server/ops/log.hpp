// Structured lines on stderr: one JSON object per line with time, level, process, event and fields.
// Set up once by main; used on the process's one thread. It promises that no token reaches a line: whatever looks like
// one (`eyJ…`) is replaced in every field; and that no line holds up the loop: when nobody reads them, lines are lost
// and a later one says how many.
#pragma once

#include <concepts>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace ops {

// A field's value: text, or a number written as such.
class log_value {
 public:
  log_value(std::string_view text) : text_(text), quoted_(true) {}
  log_value(const char* text) : text_(text), quoted_(true) {}
  log_value(const std::string& text) : text_(text), quoted_(true) {}
  log_value(bool yes) : text_(yes ? "true" : "false") {}
  template <class Number>
  requires(std::integral<Number> || std::floating_point<Number>) log_value(Number number)
      : text_(std::to_string(number)) {}

  std::string_view text() const { return text_; }
  bool quoted() const { return quoted_; }

 private:
  std::string text_;
  bool quoted_ = false;
};
using log_field = std::pair<std::string_view, log_value>;

// `level` is debug, info, warn or error; lines below it are not written. `fd` is where they go: stderr.
void start_log(std::string_view process, std::string_view level, int fd = 2);

void log_debug(std::string_view event, std::initializer_list<log_field> fields = {});
void log_info(std::string_view event, std::initializer_list<log_field> fields = {});
void log_warn(std::string_view event, std::initializer_list<log_field> fields = {});
void log_error(std::string_view event, std::initializer_list<log_field> fields = {});

// `text` with everything that looks like a token replaced.
std::string without_tokens(std::string_view text);

}  // namespace ops

// PostgreSQL arrays in text form, the way the api passes many rows in one parameter. Pure.
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace api {

// {1,2,3}
class number_array {
 public:
  void add(std::int64_t number) {
    separate();
    char digits[24];
    text_.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
  }
  std::string take() { return std::move(text_ += '}'); }

 private:
  void separate() {
    if (text_.size() > 1) {
      text_ += ',';
    }
  }
  std::string text_ = "{";
};

// {"a","\"b\"",NULL}; the texts are free of U+0000.
class text_array {
 public:
  void add(std::string_view text) {
    separate();
    text_ += '"';
    for (char c : text) {
      if (c == '"' || c == '\\') {
        text_ += '\\';
      }
      text_ += c;
    }
    text_ += '"';
  }
  void add_null() {
    separate();
    text_ += "NULL";
  }
  std::string take() { return std::move(text_ += '}'); }

 private:
  void separate() {
    if (text_.size() > 1) {
      text_ += ',';
    }
  }
  std::string text_ = "{";
};

// Reads {1,2,3}; stops at what is no number.
inline std::vector<std::int64_t> parse_number_array(std::string_view text) {
  std::vector<std::int64_t> numbers;
  const char* at = text.data() + (text.empty() ? 0 : 1);
  const char* const end = text.data() + text.size();
  std::int64_t number = 0;
  for (auto read = std::from_chars(at, end, number); read.ec == std::errc();
       read = std::from_chars(read.ptr + 1, end, number)) {
    numbers.push_back(number);
    if (read.ptr == end || *read.ptr != ',') {
      break;
    }
  }
  return numbers;
}

}  // namespace api

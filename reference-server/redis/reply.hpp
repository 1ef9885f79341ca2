// One answer of Redis, flat: a scalar, or an array of scalars (what is nested deeper is parsed and left out, nothing
// here asks for it). The memory is the reader's and used again for the next answer: a reply and the texts taken from it
// are valid only inside the call that hands them over.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace redis {

enum class reply_type : std::uint8_t { nil, status, error, integer, text, array };

class reply {
 public:
  reply_type type() const { return top_.type; }
  bool is_error() const { return top_.type == reply_type::error; }
  std::int64_t integer() const { return top_.integer; }  // 0 unless type() is integer
  std::string_view text() const { return view(top_); }   // status, error or text; else empty
  std::size_t size() const { return elements_.size(); }  // elements of an array
  reply_type type(std::size_t i) const { return elements_[i].type; }
  std::int64_t integer(std::size_t i) const { return elements_[i].integer; }
  std::string_view text(std::size_t i) const { return view(elements_[i]); }

 private:
  friend class reader;
  struct scalar {
    reply_type type = reply_type::nil;
    std::int64_t integer = 0;
    std::size_t begin = 0, length = 0;  // in bytes_
  };
  std::string_view view(const scalar& s) const { return std::string_view(bytes_).substr(s.begin, s.length); }

  scalar top_;
  std::vector<scalar> elements_;
  std::string bytes_;
};

}  // namespace redis

#include "conformance/cases/texts.hpp"

#include <array>

namespace conformance {

std::span<const named_text> difficult_texts() {
  static constexpr std::array texts{
      named_text{"beyond the basic plane", "\xf0\x9f\x98\x80 \xf0\x9d\x95\x8f \xf0\xa0\xae\xb7"},
      named_text{"combining characters", "e\xcc\x81 and \xc3\xa9, \xe1\x84\x80\xe1\x85\xa1 and \xea\xb0\x80"},
      named_text{"right to left",
                 "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d \xe2\x80\xab\xd9\x85\xd8\xb1\xd8\xad\xd8\xa8\xd8\xa7"},
      named_text{
          "joined emoji",
          "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7 \xf0\x9f\x87\xaa\xf0\x9f\x87\xba"},
      named_text{"line and paragraph separators", "one\xe2\x80\xa8two\xe2\x80\xa9three"},
      named_text{"line ends and tabs", "a\nb\r\nc\td"},
      named_text{"quotes and backslashes", R"(she said "it's \"fine\"" \ \\ \n /)"},
      named_text{"HTML", "<b>5 < 6 && 7 > 6</b> &amp; <script>alert(1)</script>"},
      named_text{"SQL", "Robert'); DROP TABLE message;-- %s $1 ?"},
      named_text{"templates", "{{ 7*7 }} ${7*7} #{7*7} %d"},
      named_text{"spaces at both ends", "  \t between two spaces \n "},
      named_text{"odd spaces", "a\xc2\xa0\x62\xe2\x80\x8b\x63\xef\xbb\xbf\x64"},
      named_text{"looks like a number", "00012.50"},
      named_text{"looks like JSON", R"({"body":null,"id":[1]})"},
  };
  return texts;
}

}  // namespace conformance

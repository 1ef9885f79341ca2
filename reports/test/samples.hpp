// For tests only: small results of every kind, as a run would have left them.
#pragma once

#include "harness/record/result.hpp"

namespace reports::test {

/// Text that tries to break out of every format: markup, fences, tables, control characters, directions, no UTF-8.
inline constexpr const char* hostile =
    "</script><script>alert(1)</script><!-- ]]> & \"'`` | @everyone https://evil.example \x1b[31m \xe2\x80\xae \xff\n# "
    "x";

record::requirement requirement(const std::string& id, record::requirement_verdict verdict);

/// One requirement of every verdict, in their order, with one failing check where it fails.
record::result conform_with_every_verdict();

/// Three passed requirements.
record::result conform_passed();

/// All objectives kept, the generator kept up.
record::result load_passed();

record::finding finding(const std::string& kind, int number);

}  // namespace reports::test

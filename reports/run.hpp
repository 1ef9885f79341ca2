// One run of a report: where it lies and what it found.
#pragma once

#include "harness/record/result.hpp"

#include <string>

namespace reports {

struct run {
  std::string folder;  // as people name it; for showing only
  record::result result;
};

}  // namespace reports

// The target files that come inside the program (CMake embeds them from this folder).
#pragma once

#include <string_view>

namespace conformance {

extern const std::string_view reference_target;  // reference.yaml

}  // namespace conformance

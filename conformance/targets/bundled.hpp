// The target files that come inside the program (CMake embeds them from this folder).
#pragma once

#include <array>
#include <string_view>

namespace conformance {

extern const std::string_view reference_target;           // reference.yaml
extern const std::string_view reference_socketio_target;  // reference-socketio.yaml

struct bundled_file {
  std::string_view name;
  std::string_view about;
  std::string_view text;
};

// Files to begin with, each a whole target file.
extern const std::array<bundled_file, 3> starters;

}  // namespace conformance

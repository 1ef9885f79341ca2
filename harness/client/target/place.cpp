#include "harness/client/target/place.hpp"

#include <yaml-cpp/yaml.h>

#include <string>

namespace client {

int line_of(std::string_view yaml, std::string_view key) {
  try {
    YAML::Node here = YAML::Load(std::string(yaml));
    int line = 0;
    while (!key.empty() && here.IsMap()) {
      const auto name = key.substr(0, key.find('.'));
      key.remove_prefix(name.size() == key.size() ? name.size() : name.size() + 1);
      bool found = false;
      for (const auto& member : here) {
        if (member.first.Scalar() != name) continue;
        line = member.first.Mark().line + 1;
        const YAML::Node next = member.second;
        here.reset(next);
        found = true;
        break;
      }
      if (!found) break;
    }
    return line;
  } catch (const YAML::Exception&) {
    return 0;
  }
}

}  // namespace client

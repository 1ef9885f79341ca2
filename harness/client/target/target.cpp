#include "harness/client/target/target.hpp"

#include "harness/client/target/features.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace client {

bool is_known_feature(std::string_view name) noexcept {
  return std::any_of(known_features.begin(), known_features.end(), [&](const feature& f) { return f.name == name; });
}

bool target::claims(std::string_view feature) const {
  if (feature == "echo") return delivery.echo;
  if (feature == "replay") return delivery.offline == offline_policy::replay;
  return std::find(features.begin(), features.end(), feature) != features.end();
}

std::string target::title() const {
  std::string out = name;
  if (!version.empty()) out += "@" + version;
  if (!base_urls.empty()) out += " " + base_urls.front().authority();
  if (base_urls.size() > 1) out += fmt::format(" and {} more", base_urls.size() - 1);
  return out;
}

}  // namespace client

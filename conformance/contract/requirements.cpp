#include "conformance/contract/families.hpp"
#include "conformance/contract/requirement.hpp"

#include <algorithm>

namespace conformance {

std::span<const requirement> all_requirements() {
  static const std::vector<requirement> all = [] {
    std::vector<requirement> joined;
    for (auto family : {chat_requirements, message_requirements, page_requirements, realtime_requirements,
                        isolation_requirements, access_requirements, validation_requirements, offline_requirements,
                        lifecycle_requirements, device_requirements, socket_requirements}) {
      std::ranges::move(family(), std::back_inserter(joined));
    }
    return joined;
  }();
  return all;
}

std::string_view base_id(std::string_view id) {
  return id.substr(0, id.find('['));
}

const requirement* find_requirement(std::string_view id) {
  const auto all = all_requirements();
  const auto found = std::ranges::find(all, base_id(id), &requirement::id);
  return found == all.end() ? nullptr : &*found;
}

std::string_view word(owner value) {
  switch (value) {
    case owner::application:
      return "application";
    case owner::framework:
      return "framework";
    case owner::proxy:
      return "proxy";
  }
  return "";
}

}  // namespace conformance

#include "reports/html/page.hpp"

namespace reports {

std::string_view page_template() {
  return {};
}

}  // namespace reports

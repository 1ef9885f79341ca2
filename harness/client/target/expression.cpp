#include "harness/client/target/expression.hpp"

#include <boost/regex.hpp>

#include <stdexcept>

namespace client {

struct expression::compiled {
  boost::regex regex;
};

std::shared_ptr<const expression> expression::make(const std::string& text) {
  try {
    auto made = std::make_shared<compiled>(compiled{boost::regex(text, boost::regex::ECMAScript)});
    return std::shared_ptr<const expression>(new expression(std::move(made)));
  } catch (const boost::regex_error&) {
    return nullptr;
  }
}

std::optional<std::string> expression::find(std::string_view text) const {
  text = text.substr(0, 1U << 20U);
  boost::match_results<std::string_view::const_iterator> match;
  try {
    if (!boost::regex_search(text.begin(), text.end(), match, compiled_->regex,
                             boost::match_not_dot_newline | boost::match_single_line)) {
      return std::nullopt;
    }
  } catch (const std::runtime_error&) {  // too many steps
    return std::nullopt;
  }
  return match[match.size() > 1 ? 1 : 0].str();
}

}  // namespace client

// The variables that templates are filled from. A value remembers whether it was text or something else in JSON, so
// that a number stays a number, with all of its digits. Plain data.
#pragma once

#include <boost/json/value.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace client {

struct variable {
  std::string text;   // what stands in a text; of a number its digits, of an object or a list its JSON
  bool bare = false;  // `text` is JSON itself (a number, true, null, …), else it is text
};

// From a value of an answer, in which quote_long_numbers() has put long integers into quotes.
variable to_variable(const boost::json::value& value);

// By name; a user has a dozen of them at most.
class variables {
 public:
  const variable* find(std::string_view name) const noexcept;
  void set(std::string_view name, variable value);
  const std::vector<std::pair<std::string, variable>>& all() const noexcept { return all_; }

 private:
  std::vector<std::pair<std::string, variable>> all_;
};

// What one call knows: the text to send, a page, a cursor. Views of the caller's.
struct local_variable {
  std::string_view name;
  std::string_view text;
  bool bare = false;
};

// From where a template is filled: ${x} is looked for in the call, then in the user's own; ${self.x} is the user's own,
// ${peer.x} the other member's, ${chat.x} the chat's. What is absent has no variables.
struct scope {
  std::span<const local_variable> call = {};
  const variables* self = nullptr;
  const variables* peer = nullptr;
  const variables* chat = nullptr;
};

}  // namespace client

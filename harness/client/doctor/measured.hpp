// What the doctor found out that a target file leaves out or has otherwise. Plain data.
#pragma once

#include "harness/client/target/tree.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace client::doctor {

struct measurement {
  std::string key;       // of the target file: "delivery.echo"
  std::string value;     // YAML on one line
  bool in_file = false;  // the file has the key, with something else
  bool wrong = false;    // what it has there does not hold; else it may stay
};

// Where a key stands in what was read; null when it is left out.
const tree* find_key(const tree* root, std::string_view key);

// As YAML to paste: sections once, in the order in which they were first met.
std::string to_paste(const std::vector<measurement>& all);

// "404" or "[401, 403]".
std::string to_list(std::vector<int> numbers);

// The condition by which a frame is known again, as the file writes it: "{ when: { event: hello } }". `event`: it is
// the list of an event of Socket.IO. Nothing when the frame has no name.
std::optional<std::string> sign_of(std::string_view frame, bool event);

// A word as YAML takes it for one, else in quotes.
std::string to_word(std::string_view text);

}  // namespace client::doctor

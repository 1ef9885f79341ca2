// Oddities that a right backend may have, and that no suite may hold against it. Values and a pure function, any
// thread.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace faulty {

struct Benign {
  bool extra_fields = false;                  // members that the contract does not know, in every object
  bool reordered_keys = false;                // members in another order
  bool pretty_json = false;                   // JSON on several lines, indented
  std::chrono::milliseconds answer_delay{0};  // slow_answers: 200 ms on every answer

  bool changes_json() const { return extra_fields || reordered_keys || pretty_json; }
};

// Switches one on by its name; false when there is none of that name.
bool enable(Benign& benign, std::string_view name);

// The names, for people.
std::string benign_names();

// The same JSON, as odd as wanted. What is no JSON stays as it is.
std::string dressed(const std::string& json, const Benign& benign);

}  // namespace faulty

// A YAML document as a tree that knows where each key and value stands, with the command line's overrides laid over it.
// Plain data; built before a run.
#pragma once

#include "harness/client/target/problem.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace client {

struct place {
  std::string file;  // the file, or "--set key"
  int line = 0;      // 0 in an override
  int column = 0;
};

struct tree {
  enum class kind : std::uint8_t { nothing, scalar, list, map };
  struct entry;

  tree::kind kind = kind::nothing;
  place at;
  std::string text;            // scalar, as written
  bool quoted = false;         // scalar: "1" is a text where 1 is a number
  std::vector<tree> items;     // list
  std::vector<entry> entries;  // map, in the order of the file
};

struct tree::entry {
  std::string key;
  place at;
  tree value;
};

// At most 1 MiB, 32 levels, 10,000 nodes (aliases counted as often as they are used), no key twice, one document.
result<tree> parse_tree(std::string_view text, const std::string& file);

// Replaces or adds what "a.b.c=value" says.
result<void> lay_over(tree& root, std::string_view override_text);

}  // namespace client

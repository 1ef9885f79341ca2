// What somebody probably meant who wrote a word that does not exist. Pure.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace client {

// Insertions, deletions, replacements and swaps of neighbours that turn one into the other.
std::size_t edit_distance(std::string_view a, std::string_view b);

// The nearest of `known`, the first of equals; empty when none is near enough to be a slip (a third of the longer
// word).
std::string_view nearest(std::string_view word, const std::vector<std::string_view>& known);

}  // namespace client

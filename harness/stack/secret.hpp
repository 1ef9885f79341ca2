// The secret that tokens of a stack are signed with. Random per stack, or kept in a data directory. It goes from
// process to process in the environment or a file of mode 0600, never in arguments, logs or the run directory.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

namespace stack {

inline constexpr std::size_t shortest_secret = 32;  // bytes, as the server demands

// 64 hexadecimal digits from the kernel's generator.
std::string new_secret();
// The first line of the file; empty when there is none.
std::string read_secret(const std::filesystem::path& file);

}  // namespace stack

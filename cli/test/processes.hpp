// For tests only: looks at other processes through /proc, with deadlines.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace cli::test {

/// All descendants of a process that are alive (zombies are not).
std::vector<pid_t> descendants_of(pid_t ancestor);

/// The first child of that program name, once there is one.
std::optional<pid_t> wait_for_child(pid_t parent, const std::string& program, std::chrono::seconds limit);

/// True once the file is there and holds the text, so many times at least.
bool wait_for_text(const std::string& path, const std::string& text, std::chrono::seconds limit, int times = 1);

/// True once no live process has that number.
bool wait_until_gone(pid_t process, std::chrono::seconds limit);

/// The program's name, up to 15 characters; empty when there is no such live process.
std::string name_of(pid_t process);

}  // namespace cli::test

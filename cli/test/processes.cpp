#include "cli/test/processes.hpp"

#include <charconv>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <sstream>
#include <thread>

namespace cli::test {

namespace {

struct process_line {
  std::string name;
  char state = 0;
  pid_t parent = 0;
};

std::optional<process_line> line_of(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/stat");
  std::string text;
  if (!std::getline(file, text)) return std::nullopt;
  const auto open = text.find('(');
  const auto close = text.rfind(')');
  if (open == std::string::npos || close == std::string::npos) return std::nullopt;
  process_line line;
  line.name = text.substr(open + 1, close - open - 1);
  std::istringstream(text.substr(close + 1)) >> line.state >> line.parent;
  if (line.state == 'Z' || line.state == 'X') return std::nullopt;
  return line;
}

std::vector<pid_t> all_processes() {
  std::vector<pid_t> all;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::string name = entry.path().filename();
    pid_t number = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (error == std::errc() && end == name.data() + name.size()) all.push_back(number);
  }
  return all;
}

/// Looks again every 10 ms until it holds or the time is over.
bool comes_true(const std::function<bool()>& condition, std::chrono::seconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (!condition()) {
    if (std::chrono::steady_clock::now() >= deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return true;
}

}  // namespace

std::vector<pid_t> descendants_of(pid_t ancestor) {
  std::vector<pid_t> found{ancestor};
  for (std::size_t next = 0; next < found.size(); ++next) {
    for (const pid_t each : all_processes()) {
      const auto line = line_of(each);
      if (line && line->parent == found[next]) found.push_back(each);
    }
  }
  found.erase(found.begin());
  return found;
}

std::optional<pid_t> wait_for_child(pid_t parent, const std::string& program, std::chrono::seconds limit) {
  std::optional<pid_t> child;
  comes_true(
      [&] {
        for (const pid_t each : all_processes()) {
          const auto line = line_of(each);
          if (line && line->parent == parent && line->name == program.substr(0, 15)) child = each;
        }
        return child.has_value();
      },
      limit);
  return child;
}

bool wait_for_text(const std::string& path, const std::string& text, std::chrono::seconds limit, int times) {
  return comes_true(
      [&] {
        std::ifstream file(path);
        const std::string content{std::istreambuf_iterator<char>(file), {}};
        int found = 0;
        for (auto at = content.find(text); at != std::string::npos; at = content.find(text, at + 1)) ++found;
        return found >= times;
      },
      limit);
}

bool wait_until_gone(pid_t process, std::chrono::seconds limit) {
  return comes_true([&] { return !line_of(process); }, limit);
}

std::string name_of(pid_t process) {
  const auto line = line_of(process);
  return line ? line->name : std::string();
}

}  // namespace cli::test

#include "cli/target_choice.hpp"

#include "cli/command_error.hpp"
#include "conformance/targets/bundled.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace cli {

namespace {

constexpr const char* default_file = "rollcall.yaml";

std::string read_file(const std::string& path) {
  if (std::filesystem::is_directory(path)) throw usage_error(fmt::format("target file {} is a folder", path));
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    throw usage_error(fmt::format(
        "target file {} cannot be read; give the path of a target file, or 'reference' for the bundled server", path));
  }
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

target_choice choose_target(const std::optional<std::string>& flag) {
  const char* variable = std::getenv("ROLLCALL_TARGET");
  std::string chosen;
  if (flag) {
    if (flag->empty()) throw usage_error("--target is empty; give the path of a target file, or 'reference'");
    chosen = *flag;
  } else if (variable != nullptr) {
    if (*variable == '\0')
      throw usage_error("ROLLCALL_TARGET is empty; unset it, or set it to a target file or 'reference'");
    chosen = variable;
  } else if (std::filesystem::exists(default_file)) {
    chosen = default_file;
  } else {
    throw usage_error(
        "no target: give --target FILE, set ROLLCALL_TARGET, or put a rollcall.yaml here; '--target reference' judges "
        "the "
        "bundled server");
  }
  if (chosen == "reference") {
    return {.text = std::string(conformance::reference_target), .name = chosen, .reference = true};
  }
  if (chosen == "reference-socketio") {
    return {.text = std::string(conformance::reference_socketio_target), .name = chosen, .reference = true};
  }
  return {.text = read_file(chosen), .name = chosen};
}

}  // namespace cli

#include "cli/command_line.hpp"

#include "cli/command_error.hpp"
#include "harness/client/target/load.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace cli {

namespace {

/// A positive number at the start of the text, and what follows it.
std::pair<double, std::string_view> number_and_unit(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || number <= 0) return {0, text};
  return {number, text.substr(static_cast<std::size_t>(end - text.data()))};
}

bool is_set(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

}  // namespace

std::chrono::milliseconds duration(std::string_view flag, std::string_view text) {
  const auto [number, unit] = number_and_unit(text);
  const double scale = unit == "ms" ? 1 : unit == "s" ? 1000 : unit == "m" ? 60'000 : unit == "h" ? 3'600'000 : 0;
  if (number <= 0 || scale <= 0 || number * scale > 1e12) {
    throw usage_error(
        fmt::format("{} '{}' is no duration; expected a number with ms, s, m or h, such as 60s", flag, text));
  }
  return std::chrono::milliseconds(static_cast<std::int64_t>(number * scale));
}

double factor(std::string_view flag, std::string_view text) {
  const auto [number, unit] = number_and_unit(text);
  if (number <= 0 || unit != "x" || number > 1000) {
    throw usage_error(fmt::format("{} '{}' is no factor; expected a number and an x, such as 3x", flag, text));
  }
  return number;
}

std::vector<std::string> command_line() {
  std::ifstream file("/proc/self/cmdline", std::ios::binary);
  std::vector<std::string> words;
  for (std::string word; std::getline(file, word, '\0');) words.push_back(word);
  return words;
}

std::filesystem::path beside_this_program(std::string_view name) {
  const auto path = std::filesystem::read_symlink("/proc/self/exe").parent_path() / name;
  if (!std::filesystem::exists(path)) {
    throw usage_error(
        fmt::format("{} is missing beside this program; ci/build release programs makes it", path.string()));
  }
  return path;
}

bool wants_colour(std::string_view flag) {
  if (flag == "always") return true;
  if (flag == "never" || is_set("NO_COLOR")) return false;
  return is_set("FORCE_COLOR") || ::isatty(STDOUT_FILENO) == 1;
}

std::pair<std::vector<std::string>, std::vector<std::string>> split_settings(const std::vector<std::string>& settings) {
  constexpr std::string_view prefix = "stack.";
  std::pair<std::vector<std::string>, std::vector<std::string>> split;
  for (const auto& each : settings) {
    if (each.find('=') == std::string::npos) {
      throw usage_error(fmt::format("--set '{}' has no '='; expected key=value, such as patience=20s", each));
    }
    if (each.starts_with(prefix)) {
      split.second.push_back(each.substr(prefix.size()));
    } else {
      split.first.push_back(each);
    }
  }
  return split;
}

client::target load(const target_choice& choice, const std::vector<std::string>& settings,
                    const std::optional<std::string>& printed) {
  auto target = client::parse_target(choice.text, choice.name, settings, client::process_environment(), printed);
  if (!target) throw usage_error(client::to_string(target.error()));
  return std::move(*target);
}

std::unique_ptr<record::run_directory> open_run_directory(std::string_view kind, const std::optional<std::string>& out,
                                                          std::chrono::system_clock::time_point started) {
  if (out && out->empty()) throw usage_error("--out is empty; give a folder that is new or empty");
  try {
    record::run_directory::place where;
    where.kind = kind;
    if (out) where.exact = *out;
    where.started = started;
    return std::make_unique<record::run_directory>(where);
  } catch (const record::run_directory_error& error) {
    throw usage_error(error.what());
  } catch (const std::filesystem::filesystem_error& error) {
    throw usage_error(fmt::format("the run's folder cannot be made: {}", error.what()));
  }
}

std::string shown_path(const std::filesystem::path& path) {
  std::error_code error;
  const auto relative = std::filesystem::proximate(path, error);
  return error || relative.string().size() > path.string().size() ? path.string() : relative.string();
}

}  // namespace cli

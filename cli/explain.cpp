#include "cli/command.hpp"
#include "cli/command_error.hpp"
#include "conformance/contract/requirement.hpp"

#include <fmt/format.h>

#include <memory>

namespace cli {

namespace {

void print_field(std::string_view name, std::string_view text) {
  constexpr std::size_t width = 88;
  fmt::print("\n{}\n", name);
  while (!text.empty()) {
    std::size_t end = text.size();
    if (end > width) {
      end = text.rfind(' ', width);
      if (end == std::string_view::npos) end = width;
    }
    fmt::print("  {}\n", text.substr(0, end));
    text.remove_prefix(std::min(text.size(), end + 1));
  }
}

std::string known_ids() {
  std::string ids;
  for (const auto& each : conformance::all_requirements()) ids += (ids.empty() ? "" : ", ") + std::string(each.id);
  return ids;
}

exit_code explain(const std::string& id) {
  const conformance::requirement* found = conformance::find_requirement(id);
  if (found == nullptr) {
    throw usage_error(fmt::format("no requirement '{}'; there are {}", id, known_ids()));
  }
  fmt::print("{}  {}  ({}, {}, impact: {})\n", found->id, found->title, record::word(found->force),
             record::word(found->belongs_to), record::word(found->touches));
  print_field("Requirement", found->text);
  print_field("Why", found->why);
  print_field("How it is checked", found->check);
  print_field("Usual causes of a failure",
              fmt::format("{} (usually in the {})", found->causes, conformance::word(found->usual_owner)));
  if (!found->gate.empty()) print_field("Only for targets that claim", found->gate);
  if (!found->variants.empty()) {
    print_field("Variants",
                fmt::format("{}[{}]", found->id, fmt::join(found->variants, "], " + std::string(found->id) + "[")));
  }
  if (!found->depends_on.empty())
    print_field("Blocked when one of these fails", fmt::format("{}", fmt::join(found->depends_on, ", ")));
  print_field("By itself", fmt::format("rollcall conform -t TARGET --only {}", found->id));
  return exit_code::passed;
}

}  // namespace

void add_explain(CLI::App& app, action& chosen) {
  CLI::App* command =
      app.add_subcommand("explain", "What a requirement asks for, why, how it is checked, the usual causes");
  auto id = std::make_shared<std::string>();
  command->add_option("ID", *id, "A requirement's id, such as RT-02")->required();
  command->callback([&chosen, id] { chosen = [id] { return explain(*id); }; });
}

}  // namespace cli

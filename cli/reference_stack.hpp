// The bundled server on its private stack, for the length of a run.
#pragma once

#include "cli/interruption.hpp"
#include "harness/stack/stack.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace cli {

struct reference_stack {
  std::unique_ptr<stack::stack> running;
  std::vector<std::string> settings;  ///< its addresses, secret and version, as --set values for reference.yaml
};

/// settings: "api=2", "gateway=2". Logs are kept only where there is a folder for them. Throws command_error.
std::unique_ptr<reference_stack> start_reference(const std::vector<std::string>& settings,
                                                 const std::filesystem::path& logs, const interruption& interrupt);

}  // namespace cli

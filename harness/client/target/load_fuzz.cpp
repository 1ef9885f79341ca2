// The loader of target files against any text: it names a place inside of the text, or it makes a target whose written
// form is taken again and written the same. Names of files lead nowhere, so that no device of this machine is read.
#include "harness/client/target/load.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace {

// Every variable is set, to what is long enough for a secret.
std::optional<std::string> any_variable(const std::string& /*name*/) {
  return "0123456789abcdef0123456789abcdef";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string file = "/nowhere/target.yaml";
  const auto target = client::parse_target(text, file, {}, any_variable);
  if (!target) {
    const client::problem& wrong = target.error();
    if (wrong.what.empty() || wrong.line < 0 || wrong.column < 0) std::abort();
    if (wrong.line > std::count(text.begin(), text.end(), '\n') + 1 + std::count(text.begin(), text.end(), '\r')) {
      std::abort();
    }
    return 0;
  }
  const std::string written = client::to_yaml(*target);
  if (written.find("***") != std::string::npos) return 0;  // a secret was hidden: that file is for reading
  const auto again = client::parse_target(written, file, {}, any_variable);
  if (!again || client::to_yaml(*again) != written) std::abort();
  return 0;
}

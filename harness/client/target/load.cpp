#include "harness/client/target/load.hpp"

#include "harness/client/target/features.hpp"
#include "harness/client/target/reader.hpp"
#include "harness/client/target/sections.hpp"

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <system_error>

namespace client {

environment process_environment() {
  return [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    if (value == nullptr) return std::nullopt;
    return std::string(value);
  };
}

result<target> parse_target(std::string_view text, const std::string& file, const std::vector<std::string>& overrides,
                            const environment& env, const std::optional<std::string>& printed) {
  auto root = parse_tree(text, file);
  if (!root) return root.error();
  for (const std::string& change : overrides) {
    if (const auto laid = lay_over(*root, change); !laid) return laid.error();
  }
  if (root->kind == tree::kind::nothing) {
    return problem{file, 0, 0, "the file is empty", "a target: schema, name, base_url, socket, login", ""};
  }
  reader read(env, printed);
  target out;
  out.file = file;
  read_target(read, *root, out);
  if (read.problem()) return *read.problem();
  out.secrets = read.secrets();
  out.source = std::make_shared<const tree>(std::move(*root));
  return out;
}

result<target> load_target(const std::string& path, const std::vector<std::string>& overrides, const environment& env) {
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  if (in) text << in.rdbuf();
  if (!in || in.bad() || text.fail()) {
    // A directory opens and then does not read; an empty file leaves failbit on the stream that was written to.
    if (in && in.peek() == std::ifstream::traits_type::eof() && errno == 0) {
      return parse_target("", path, overrides, env);
    }
    const int code = errno;
    return problem{path,
                   0,
                   0,
                   "cannot be read" + (code != 0 ? ": " + std::generic_category().message(code) : std::string()),
                   "a target file",
                   "name one with -t FILE"};
  }
  return parse_target(text.str(), path, overrides, env);
}

}  // namespace client

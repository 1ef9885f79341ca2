// rollcall token: the header that a user of the target sends, for curl -H @-.
#include "harness/client/jwt/token.hpp"

#include "cli/command.hpp"
#include "cli/command_error.hpp"
#include "cli/command_line.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>

namespace cli {

namespace {

struct token_flags {
  std::string user;
  std::optional<std::string> target;
  std::optional<std::string> data;
  std::vector<std::string> set;
};

std::string secret_in(const std::filesystem::path& folder) {
  std::ifstream file(folder / "secret");
  std::string secret{std::istreambuf_iterator<char>(file), {}};
  secret.erase(std::min(secret.find_last_not_of(" \n") + 1, secret.size()));
  if (secret.empty()) {
    throw usage_error(
        fmt::format("{} has no secret; give the folder of a running rollcall up --data", folder.string()));
  }
  return secret;
}

exit_code token(const token_flags& flags) {
  auto settings = flags.set;
  if (flags.data) settings.push_back("login.jwt.secret=\"" + secret_in(*flags.data) + "\"");
  const client::target target = load(choose_target(flags.target), settings);
  fmt::print("Authorization: Bearer {}\n",
             client::jwt::mint(target.login.secret, flags.user, client::jwt::wall_now(), target.login.ttl));
  return exit_code::passed;
}

}  // namespace

void add_token(CLI::App& app, action& chosen) {
  CLI::App* command = app.add_subcommand("token", "Print the header that a user of the target sends");
  auto flags = std::make_shared<token_flags>();
  command->add_option("USER", flags->user, "The user's id")->required();
  command->add_option("-t,--target", flags->target, "Target file, or 'reference'");
  command->add_option("--data", flags->data, "Take the secret from the folder of a running rollcall up --data");
  command->add_option("--set", flags->set, "key=value: laid over the target file");
  command->footer(
      "Example:\n"
      "  rollcall token alice -t reference --data my-data | curl -H @- http://127.0.0.1:8080/api/v1/chats/");
  command->callback([&chosen, flags] { chosen = [flags] { return token(*flags); }; });
}

}  // namespace cli

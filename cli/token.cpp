// rollcall token: the headers that a user of the target sends, for curl -H @-. Logs in where the target wants that.
#include "cli/command.hpp"
#include "cli/command_error.hpp"
#include "cli/command_line.hpp"
#include "cli/connection_flags.hpp"
#include "cli/interruption.hpp"
#include "cli/users_command.hpp"
#include "harness/client/loop.hpp"
#include "harness/client/target/secret_name.hpp"
#include "harness/client/target/values.hpp"
#include "harness/client/transport/network.hpp"
#include "harness/client/user/user.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
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
  bool allow_commands = false;
  connection_flags connections;
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

/// Which of the target's users goes by that name, or by that place among them ("#3" is the third).
std::uint64_t row_of(const client::target& target, const std::string& user) {
  const auto& users = target.users;
  if (users.from == client::users_description::kind::generated) return 0;
  constexpr std::uint64_t looked_through = 100'000;  // of a pattern without an end
  const std::uint64_t rows = users.rows.value_or(looked_through);
  if (user.starts_with('#')) {
    const auto place = client::parse_count(std::string_view(user).substr(1));
    if (place && *place >= 1 && *place <= rows) return *place - 1;
  }
  const auto goes_by = [&](const auto& column) {
    return !client::names_a_secret(column.first) && column.second.text == user;
  };
  for (std::uint64_t row = 0; row < rows; ++row) {
    const client::variables columns = users.row(row, "");
    if (std::ranges::any_of(columns.all(), goes_by)) return row;
  }
  throw usage_error(fmt::format(
      "none of the {} users of the target file is '{}'; expected a value of one of their columns, or #1 for the first",
      rows, user));
}

exit_code token(const token_flags& flags) {
  auto settings = flags.set;
  if (flags.data) settings.push_back("login.jwt.secret=\"" + secret_in(*flags.data) + "\"");
  const target_choice choice = choose_target(flags.target);
  client::target target = load(choice, settings);
  insist_on_leave(choice, target, flags.allow_commands);
  const auto connections = connection_options(flags.connections);
  if (const auto printed = printed_users(choice, target, interruption())) target = load(choice, settings, printed);

  boost::asio::io_context io;
  client::transport::use(io, connections);
  const auto sessions = client::session_store::of(target);
  const std::uint64_t row = row_of(target, flags.user);
  const auto shared = std::make_shared<const client::target>(std::move(target));
  client::user user(io, shared, flags.user, {.row = row, .sessions = sessions});
  const auto problem = client::await<std::string>(io, client::clock::now() + shared->patience,
                                                  [&](auto done) { user.log_in(std::move(done)); });
  if (sessions) {
    if (const auto kept = sessions->save(); !kept)
      fmt::print(stderr, "sessions are not kept: {}\n", kept.error().clause);
  }
  if (!problem || !problem->empty()) {
    throw command_error(user.login_answer().status == 0 ? exit_code::target : exit_code::usage,
                        fmt::format("{} could not log in: {}", flags.user, problem.value_or("no answer in time")));
  }
  for (const auto& [name, value] : user.session_headers()) fmt::print("{}: {}\n", name, value);
  if (const std::string query = user.session_query(); !query.empty()) {
    fmt::print(stderr, "this target takes it in the address, too: {}\n", query);
  }
  return exit_code::passed;
}

}  // namespace

void add_token(CLI::App& app, action& chosen) {
  CLI::App* command = app.add_subcommand("token", "Log a user of the target in and print the headers that it sends");
  auto flags = std::make_shared<token_flags>();
  command
      ->add_option("USER", flags->user,
                   "A name, or a value of one of the columns of the file's users, or #1 for the first of them")
      ->required();
  command->add_option("-t,--target", flags->target, "Target file, or 'reference'");
  command->add_option("--data", flags->data, "Take the secret from the folder of a running rollcall up --data");
  command->add_option("--set", flags->set, "key=value: laid over the target file");
  add_allow_commands(*command, flags->allow_commands);
  add_connection_flags(*command, flags->connections);
  command->footer(
      "A token that is signed here needs no server; log-ins and registrations go to the target.\n"
      "Example:\n"
      "  rollcall token alice -t reference --data my-data | curl -H @- http://127.0.0.1:8080/api/v1/chats/");
  command->callback([&chosen, flags] { chosen = [flags] { return token(*flags); }; });
}

}  // namespace cli

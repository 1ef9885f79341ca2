// Measured values are put into a person's file as a whole or not at all: one that would be no good target file, or
// that was changed meanwhile, stays byte for byte, and nothing lies beside it.
#include "cli/target_writing.hpp"

#include "cli/command_error.hpp"
#include "conformance/selftest/run_program.hpp"
#include "harness/client/target/load.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace {

using cli::target_choice;
using client::doctor::measurement;
using testing::ElementsAre;
using testing::HasSubstr;

const std::string valid =
    "schema: 1\r\nname: mine  # ours\r\nbase_url: http://127.0.0.1:1\r\nsocket: { url: ws://127.0.0.1:1/ws }\r\n"
    "login: { jwt: { secret: a-secret-of-at-least-thirty-two-bytes } }\r\n\r\ndelivery:\r\n  settle: 5ms";

class written_targets : public testing::Test {
 protected:
  written_targets() { std::ofstream(choice_.name, std::ios::binary) << choice_.text; }

  static measurement measured(const std::string& key, const std::string& value) {
    measurement out;
    out.key = key;
    out.value = value;
    return out;
  }
  static void judge(const target_choice& changed) {
    const auto target = client::parse_target(changed.text, changed.name, {}, client::process_environment());
    if (!target) throw cli::usage_error(client::to_string(target.error()));
  }
  std::string text() const {
    std::ifstream file(choice_.name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  struct stat status() const {
    struct stat out {};
    EXPECT_EQ(::stat(choice_.name.c_str(), &out), 0);
    return out;
  }
  std::vector<std::string> files() const {
    std::vector<std::string> out;
    for (const auto& each : std::filesystem::directory_iterator(folder_.path())) {
      out.push_back(each.path().filename().string());
    }
    return out;
  }

  conformance::selftest::scratch_folder folder_;
  target_choice choice_{.text = valid, .name = folder_.path() + "/t.yaml"};
};

TEST_F(written_targets, hold_what_was_measured) {
  const auto out = write_into(choice_, {measured("delivery.echo", "true")}, judge);
  EXPECT_EQ(out.done.size(), 1U);
  EXPECT_EQ(text(), valid + "\r\n  echo: true\r\n");
  EXPECT_THAT(files(), ElementsAre("t.yaml"));
}

// One good value among them does not save the others: all or nothing.
TEST_F(written_targets, stay_as_they_are_when_the_edited_file_would_be_invalid) {
  const auto before = status();
  try {
    write_into(choice_, {measured("delivery.echo", "true"), measured("delivery.offline", "sometimes")}, judge);
    FAIL() << text();
  } catch (const cli::usage_error& error) {
    EXPECT_THAT(error.what(), HasSubstr("delivery.offline is 'sometimes'"));
  }
  EXPECT_EQ(text(), valid);
  EXPECT_EQ(status().st_ino, before.st_ino);
  EXPECT_EQ(status().st_mtim.tv_nsec, before.st_mtim.tv_nsec);
  EXPECT_THAT(files(), ElementsAre("t.yaml"));
}

TEST_F(written_targets, stay_as_they_are_when_they_were_changed_meanwhile) {
  const std::string changed = valid + "\r\n# by hand\r\n";
  std::ofstream(choice_.name, std::ios::binary) << changed;
  EXPECT_THROW(write_into(choice_, {measured("delivery.echo", "true")}, judge), cli::usage_error);
  EXPECT_EQ(text(), changed);
  EXPECT_THAT(files(), ElementsAre("t.yaml"));
}

}  // namespace

// rollcall doctor as a person uses it: what it measured is printed as YAML and put into the file with --write, in which
// everything else stays byte for byte.
#include "conformance/selftest/run_program.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace {

using conformance::selftest::faulty_backend;
using conformance::selftest::program_result;
using conformance::selftest::run_program;
using conformance::selftest::scratch_folder;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class doctors : public testing::Test {
 protected:
  void write(const std::string& more) const {
    std::ofstream(path_) << fmt::format(
        "schema: 1\nname: mine\nbase_url: http://{0}\nsocket: {{ url: ws://{0}/ws, kind: websocket }}\n"
        "login: {{ jwt: {{ secret: \"${{env.CANARY}}\", ttl: 1h }} }}\n{1}",
        backend_.address(), more);
  }
  std::string text() const {
    std::ifstream file(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  program_result doctor(std::vector<std::string> more) const {
    std::vector<std::string> words{"/usr/bin/env",
                                   "-C",
                                   folder_.path(),
                                   fmt::format("CANARY={}", faulty_backend::secret),
                                   std::string(ROLLCALL_BIN) + "/rollcall",
                                   "doctor",
                                   "-t",
                                   "t.yaml"};
    words.insert(words.end(), more.begin(), more.end());
    return run_program(words);
  }
  std::size_t files() const {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(folder_.path()), std::filesystem::directory_iterator()));
  }

  faulty_backend backend_{{}};
  scratch_folder folder_;
  std::string path_ = folder_.path() + "/t.yaml";
};

TEST_F(doctors, print_what_the_file_leaves_out_and_write_it_once) {
  write("# mine\ndelivery:\n  settle: 0ms   # at once\n\n# the end\n");
  const std::string before = text();
  const auto told = doctor({});
  EXPECT_EQ(told.code, 0) << told.out << told.err;
  EXPECT_THAT(told.out, HasSubstr("errors:\n  stranger: 404\n  no_session: 401\n"));
  EXPECT_THAT(told.out, HasSubstr("delivery:\n  echo: false\n  offline: discard\n"));
  EXPECT_EQ(text(), before);

  std::filesystem::permissions(path_, std::filesystem::perms(0640));
  const auto wrote = doctor({"--write"});
  EXPECT_EQ(wrote.code, 0) << wrote.out << wrote.err;
  const std::string after = text();
  EXPECT_THAT(
      after,
      HasSubstr("# mine\ndelivery:\n  settle: 0ms   # at once\n  echo: false\n  offline: discard\n\n# the end\n"));
  EXPECT_THAT(after, HasSubstr("errors:\n  stranger: 404\n  no_session: 401\n"));
  EXPECT_EQ(std::filesystem::status(path_).permissions(), std::filesystem::perms(0640));
  EXPECT_EQ(files(), 1U);

  const auto again = doctor({"--write"});
  EXPECT_EQ(again.code, 0) << again.out << again.err;
  EXPECT_THAT(again.out, HasSubstr("Nothing to write"));
  EXPECT_EQ(text(), after);
}

TEST_F(doctors, name_the_line_that_says_something_else_and_mend_it) {
  write("delivery:\n  echo: true\n");
  const auto told = doctor({});
  EXPECT_EQ(told.code, 2) << told.out << told.err;
  EXPECT_THAT(told.out, AllOf(HasSubstr("t.yaml:7 delivery.echo says true, measured: false"), HasSubstr("FAIL  doctor"),
                              HasSubstr("delivery: { echo: false }")));
  EXPECT_EQ(doctor({"--write"}).code, 2);
  EXPECT_THAT(text(), HasSubstr("delivery:\n  echo: false\n"));
  EXPECT_EQ(doctor({}).code, 0);
}

TEST_F(doctors, do_not_touch_a_section_in_flow_style) {
  write("delivery: { settle: 0ms }\nerrors: { stranger: 404, no_session: 401 }\n");
  const std::string before = text();
  const auto said = doctor({"--write"});
  EXPECT_EQ(said.code, 0) << said.out << said.err;
  EXPECT_THAT(said.out, HasSubstr("not written: delivery.echo: false: delivery stands in flow style"));
  EXPECT_EQ(text(), before);
}

// What makes the users changes the file while the doctor is at work.
TEST_F(doctors, leave_a_file_that_was_changed_meanwhile) {
  std::ofstream(folder_.path() + "/users.sh")
      << "#!/bin/sh\necho '# changed' >> t.yaml\nprintf 'name\\na\\nb\\nc\\n'\n";
  std::filesystem::permissions(folder_.path() + "/users.sh", std::filesystem::perms(0700));
  write("users: { command: [./users.sh] }\n");
  const std::string before = text();
  const auto said = doctor({"--write", "--allow-commands"});
  EXPECT_EQ(said.code, 2) << said.out << said.err;
  EXPECT_THAT(said.err, HasSubstr("was changed meanwhile"));
  EXPECT_EQ(text(), before + "# changed\n");
  EXPECT_EQ(files(), 2U);
}

TEST_F(doctors, find_the_frame_that_says_that_a_socket_is_ready) {
  std::ofstream(path_) << fmt::format(
      "schema: 1\nname: mine\nbase_url: http://{0}\nsocket:\n  url: ws://{0}/ws\n  ready: {{ when: {{ event: hi }} }}  "
      "# wrong\n"
      "login: {{ jwt: {{ secret: \"${{env.CANARY}}\", ttl: 1h }} }}\npatience: 2s\n",
      backend_.address());
  EXPECT_EQ(doctor({"--write"}).code, 2);
  EXPECT_THAT(text(), HasSubstr("  ready: { when: { event: ready } }  # wrong\n"));
  const auto again = doctor({});
  EXPECT_EQ(again.code, 0) << again.out;
}

TEST_F(doctors, write_through_a_link) {
  write("");
  std::filesystem::rename(path_, folder_.path() + "/real.yaml");
  std::filesystem::create_symlink("real.yaml", path_);
  EXPECT_EQ(doctor({"--write"}).code, 0);
  EXPECT_TRUE(std::filesystem::is_symlink(path_));
  EXPECT_THAT(text(), HasSubstr("echo: false"));
}

TEST_F(doctors, have_nothing_to_write_for_what_comes_with_us) {
  const auto said = run_program({std::string(ROLLCALL_BIN) + "/rollcall", "doctor", "-t", "reference", "--write"});
  EXPECT_EQ(said.code, 2);
  EXPECT_THAT(said.err, HasSubstr("reference comes with Rollcall"));
}

TEST_F(doctors, show_the_wire_without_secrets) {
  write("");
  const auto said = doctor({"-v"});
  EXPECT_EQ(said.code, 0) << said.out << said.err;
  EXPECT_THAT(said.out, AllOf(HasSubstr("> POST /api/v1/chats/\n"), HasSubstr("> Authorization: Bearer ***\n"),
                              HasSubstr("          < 201\n"), HasSubstr(R"(< {"event":"message")")));
  EXPECT_THAT(said.out, AllOf(Not(HasSubstr("eyJ")), Not(HasSubstr(faulty_backend::secret))));
}

}  // namespace

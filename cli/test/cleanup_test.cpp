// What a run made on the target, as a person sees it afterwards: removed, or named with the command that tries again.
#include "cli/test/front.hpp"
#include "cli/test/processes.hpp"
#include "conformance/selftest/run_program.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <boost/json.hpp>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace {

using namespace std::chrono_literals;
using conformance::selftest::faulty_backend;
using conformance::selftest::program_result;
using conformance::selftest::run_program;
using conformance::selftest::running_program;
using conformance::selftest::scratch_folder;
using testing::AnyOf;
using testing::HasSubstr;
using testing::Not;

const std::string rollcall = std::string(ROLLCALL_BIN) + "/rollcall";
const std::string remove_chats = "cleanup:\n  - request: DELETE /api/v1/chats/${chat.id}\n";
const std::string tokens = "login: { jwt: { secret: \"${env.FRONT_SECRET}\" } }\n";

class what_is_left : public testing::Test {
 protected:
  std::string write_target(const std::string& name, const std::string& more, const std::string& at = "") const {
    const std::string path = folder_.path() + "/" + name;
    std::ofstream(path) << "schema: 1\nname: front\nbase_url: http://" << (at.empty() ? front_->address() : at)
                        << "\nsocket: { url: ws://" << backend_.address() << "/ws, kind: websocket }\n"
                        << more;
    return path;
  }

  program_result call(const std::vector<std::string>& words) const {
    std::vector<std::string> all{rollcall};
    all.insert(all.end(), words.begin(), words.end());
    return run_program(all, secret_);
  }

  program_result conform(const std::string& target) const {
    return call({"conform", "-t", target, "--only", "RT-01", "--color", "never", "-o", run_});
  }

  static std::string text_of(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  /// Ids of the chats (or users) in created.jsonl; each has one line.
  std::set<std::string> made(const std::string& folder, std::string_view kind = "chat") const {
    std::set<std::string> out;
    std::istringstream lines(text_of(folder + "/created.jsonl"));
    for (std::string line; std::getline(lines, line);) {
      boost::system::error_code error;
      const auto read = boost::json::parse(line, error);
      if (error || read.as_object().contains("removed")) continue;
      if (read.at("kind").as_string() != kind) continue;
      EXPECT_TRUE(read.at("user").as_object().contains("name")) << line;
      EXPECT_TRUE(read.as_object().contains("at")) << line;
      EXPECT_TRUE(out.insert(std::string(read.at("id").as_string())).second) << line;
    }
    return out;
  }

  std::set<std::string> deleted_once() const {
    const auto all = front_->deleted();
    std::set<std::string> out(all.begin(), all.end());
    EXPECT_EQ(out.size(), all.size());
    return out;
  }

  static std::string last_line(const std::string& text) {
    const auto before = text.rfind('\n', text.size() - 2);
    return text.substr(before == std::string::npos ? 0 : before + 1);
  }

  scratch_folder folder_;
  std::string run_ = folder_.path() + "/run";
  std::map<std::string, std::string> secret_{{"FRONT_SECRET", faulty_backend::secret}};
  faulty_backend backend_{{}};
  std::unique_ptr<cli::test::front> front_ = std::make_unique<cli::test::front>(backend_.address());
};

TEST_F(what_is_left, nothing_where_the_file_has_the_steps) {
  const auto judged = conform(write_target("t.yaml", tokens + remove_chats));
  EXPECT_EQ(judged.code, 0) << judged.out << judged.err;
  EXPECT_THAT(judged.out, HasSubstr("cleaned up: "));
  EXPECT_THAT(judged.out, Not(HasSubstr("left on the target")));
  EXPECT_GE(made(run_).size(), 2U);  // that of the first steps is among them
  EXPECT_EQ(deleted_once(), made(run_));

  const auto again = call({"cleanup", run_});
  EXPECT_EQ(again.code, 0) << again.err;
  EXPECT_THAT(again.out, HasSubstr("nothing to clean up"));
  EXPECT_EQ(deleted_once(), made(run_));
}

TEST_F(what_is_left, is_named_and_the_verdict_stays) {
  front_->stick("1");
  const auto judged = conform(write_target("t.yaml", tokens + remove_chats));
  EXPECT_EQ(judged.code, 0) << judged.out << judged.err;
  EXPECT_THAT(judged.out, HasSubstr("left on the target: 1 chat: cleanup ("));
  EXPECT_THAT(judged.out, HasSubstr("DELETE /api/v1/chats/1 was answered 500"));
  EXPECT_THAT(judged.out, HasSubstr("rollcall cleanup "));
  EXPECT_THAT(last_line(judged.out), testing::StartsWith("PASS"));

  const auto still = call({"cleanup", run_});
  EXPECT_EQ(still.code, 4) << still.out << still.err;
  EXPECT_THAT(still.out, HasSubstr("left on the target: 1 chat"));
  front_->let_go();
  const auto now = call({"cleanup", run_});
  EXPECT_EQ(now.code, 0) << now.out << now.err;
  EXPECT_THAT(now.out, HasSubstr("cleaned up: 1 chat\n"));
  const auto more = front_->deleted().size();
  EXPECT_THAT(call({"cleanup", run_}).out, HasSubstr("nothing to clean up"));
  EXPECT_EQ(front_->deleted().size(), more);
}

TEST_F(what_is_left, is_named_where_the_file_has_no_steps) {
  const auto judged = conform(write_target("t.yaml", tokens));
  EXPECT_EQ(judged.code, 0) << judged.out << judged.err;
  EXPECT_THAT(judged.out, HasSubstr("left on the target: "));
  EXPECT_THAT(judged.out, HasSubstr("/created.jsonl)\n"));

  const auto no_steps = call({"cleanup", run_});
  EXPECT_EQ(no_steps.code, 2);
  EXPECT_THAT(no_steps.err, HasSubstr("no cleanup steps"));
  const auto elsewhere = call({"cleanup", run_, "-t", write_target("e.yaml", tokens + remove_chats, "127.0.0.1:1")});
  EXPECT_EQ(elsewhere.code, 2);
  EXPECT_THAT(elsewhere.err, HasSubstr("that run was on http://" + front_->address()));
  EXPECT_TRUE(front_->deleted().empty());

  const std::string with_steps = write_target("s.yaml", tokens + remove_chats);
  const auto now = call({"cleanup", run_, "-t", with_steps});
  EXPECT_EQ(now.code, 0) << now.out << now.err;
  EXPECT_EQ(deleted_once(), made(run_));
}

TEST_F(what_is_left, of_a_target_that_is_away) {
  const auto judged = conform(write_target("t.yaml", tokens));
  const std::string with_steps = write_target("s.yaml", tokens + remove_chats);
  front_.reset();
  const auto away = call({"cleanup", run_, "-t", with_steps});
  EXPECT_EQ(away.code, 3) << away.out << away.err;
  EXPECT_THAT(away.out, HasSubstr("left on the target: "));
}

TEST_F(what_is_left, of_a_run_that_was_killed) {
  const std::string target = write_target("t.yaml", tokens + remove_chats);
  running_program judging({rollcall, "conform", "-t", target, "-o", run_}, secret_);
  ASSERT_TRUE(cli::test::wait_for_text(run_ + ".partial/created.jsonl", "\n", 20s, 5));
  judging.signal(SIGKILL);
  judging.finish();
  std::ofstream(run_ + ".partial/created.jsonl", std::ios::app) << "{\"kind\":\"chat\",\"i";  // cut off
  ASSERT_FALSE(std::filesystem::exists(run_));

  const auto cleaned = call({"cleanup", run_});
  EXPECT_EQ(cleaned.code, 0) << cleaned.out << cleaned.err;
  EXPECT_GE(made(run_ + ".partial").size(), 5U);
  EXPECT_EQ(deleted_once(), made(run_ + ".partial"));
  EXPECT_THAT(call({"cleanup", run_}).out, HasSubstr("nothing to clean up"));
}

TEST_F(what_is_left, of_an_interrupted_run_is_nothing) {
  const std::string target = write_target("t.yaml", tokens + remove_chats);
  running_program judging({rollcall, "conform", "-t", target, "-o", run_}, secret_);
  ASSERT_TRUE(cli::test::wait_for_text(run_ + ".partial/created.jsonl", "\n", 20s, 5));
  judging.signal(SIGINT);
  const auto ended = judging.finish();
  EXPECT_EQ(ended.code, 130) << ended.out << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("cleaned up: "));
  EXPECT_EQ(deleted_once(), made(run_));
}

TEST_F(what_is_left, of_several_workers_of_a_load_is_nothing) {
  const auto loaded = call({"load", "-t", write_target("t.yaml", tokens + remove_chats), "-u", "20", "--workers", "3",
                            "--rate", "40/s", "-d", "1s", "-o", run_});
  EXPECT_THAT(loaded.code, AnyOf(0, 4)) << loaded.out << loaded.err;  // 4: a busy machine
  EXPECT_GE(made(run_).size(), 10U);
  EXPECT_EQ(deleted_once(), made(run_));
}

// Passwords that stand in the file itself are not in the run's copy of it, and no token is in what was written.
TEST_F(what_is_left, wants_the_file_where_the_copy_hides_secrets) {
  const std::string log_in =
      "users: { pattern: { columns: { name: \"roll-${n}\", password: \"pw-roll-${n}\" } } }\n"
      "login:\n  steps:\n    - request: POST /login\n      json: { user: \"${name}\", password: \"${password}\" }\n"
      "      capture: { token: /session/token }\n  headers: { Authorization: \"Bearer ${token}\" }\n";
  front_->stick("1");
  const std::string target = write_target("t.yaml", log_in + remove_chats);
  EXPECT_EQ(conform(target).code, 0);
  const auto hidden = call({"cleanup", run_});
  EXPECT_EQ(hidden.code, 2);
  EXPECT_THAT(hidden.err, HasSubstr("*** in the place of secrets; give the target file of the run: -t FILE"));
  front_->let_go();
  const auto now = call({"cleanup", run_, "-t", target});
  EXPECT_EQ(now.code, 0) << now.out << now.err;
  EXPECT_THAT(now.out, HasSubstr("cleaned up: 1 chat\n"));
  const std::string written = text_of(run_ + "/created.jsonl");
  EXPECT_THAT(written, HasSubstr("roll-1"));
  EXPECT_THAT(written, Not(HasSubstr("pw-roll")));
  for (const std::string& token : front_->tokens()) EXPECT_THAT(written, Not(HasSubstr(token)));
}

TEST_F(what_is_left, of_registered_users_are_those_whose_chat_is_left) {
  const std::string users = "users: { register: [ { request: POST /register, json: { user: \"${name}\" } } ] }\n";
  front_->stick("1");
  const auto judged =
      conform(write_target("t.yaml", tokens + users + remove_chats + "  - request: DELETE /users/${id}\n"));
  EXPECT_EQ(judged.code, 0) << judged.out << judged.err;
  EXPECT_THAT(judged.out, HasSubstr("left on the target: 1 chat and 2 users: "));
  const auto all = made(run_, "user");
  EXPECT_GE(all.size(), 4U);
  EXPECT_EQ(front_->deleted_users().size(), all.size() - 2);

  front_->let_go();
  const auto now = call({"cleanup", run_});
  EXPECT_EQ(now.code, 0) << now.out << now.err;
  EXPECT_THAT(now.out, HasSubstr("cleaned up: 1 chat and 2 users\n"));
  const auto deleted = front_->deleted_users();
  EXPECT_EQ(deleted.size(), all.size());
  EXPECT_EQ(std::set<std::string>(deleted.begin(), deleted.end()), all);
}

// No step says how users go: they are named.
TEST_F(what_is_left, of_registered_users_without_a_step) {
  const std::string users = "users: { register: [ { request: POST /register, json: { user: \"${name}\" } } ] }\n";
  const auto judged = conform(write_target("t.yaml", tokens + users + remove_chats));
  EXPECT_EQ(judged.code, 0) << judged.out << judged.err;
  EXPECT_THAT(judged.out, testing::ContainsRegex("left on the target: [0-9]+ users; rollcall cleanup"));
}

TEST_F(what_is_left, gone_already) {
  const auto judged = conform(write_target("t.yaml", tokens + "cleanup: [ { request: \"DELETE /no/${chat.id}\" } ]\n"));
  EXPECT_EQ(judged.code, 0) << judged.out << judged.err;
  const auto all = std::to_string(made(run_).size());
  EXPECT_THAT(judged.out, HasSubstr("cleaned up: " + all + " chats, " + all + " of them gone already\n"));
}

// Of a run on a machine elsewhere: nothing is sent to it once the file's word does not hold any more.
TEST_F(what_is_left, elsewhere_without_leave) {
  std::filesystem::create_directories(run_);
  std::ofstream(run_ + "/created.jsonl")
      << R"({"kind":"chat","id":"1","user":{"id":"u","name":"u","row":0},"at":"2026-11-24T12:00:00Z"})"
      << "\n";
  const auto target = [&](const std::string& allow) {
    std::ofstream(run_ + "/target.yaml") << "schema: 1\nname: away\nbase_url: http://192.0.2.1:9\n"
                                         << "socket: { url: ws://192.0.2.1:9/ws }\n" + tokens + remove_chats + allow;
  };
  for (const auto& [allow, why] : std::map<std::string, std::string>{
           {"allow: { hosts: [chat.example], until: 2099-12-31 }\n", "allow.hosts does not name 192.0.2.1"},
           {"allow: { hosts: [192.0.2.1], until: 2020-12-31 }\n", "allow.until is over"}}) {
    target(allow);
    const auto refused = call({"cleanup", run_});
    EXPECT_EQ(refused.code, 2) << refused.out << refused.err;
    EXPECT_THAT(refused.err, HasSubstr("nothing may be sent to target away"));
    EXPECT_THAT(refused.err, HasSubstr(why));
    EXPECT_EQ(made(run_).size(), 1U);
    EXPECT_THAT(text_of(run_ + "/created.jsonl"), Not(HasSubstr("removed")));
  }
}

TEST_F(what_is_left, no_such_run) {
  const auto missing = call({"cleanup", folder_.path() + "/none"});
  EXPECT_EQ(missing.code, 2);
  EXPECT_THAT(missing.err, HasSubstr("there is no folder"));
}

}  // namespace

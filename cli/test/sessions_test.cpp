// Sessions kept between runs, as a person sees them: the second run makes no log-in, an expired session is made anew,
// and no token is anywhere but in the file that only its owner may read.
#include "cli/test/front.hpp"
#include "conformance/selftest/run_program.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace {

using conformance::selftest::run_program;
using conformance::selftest::scratch_folder;
using testing::AnyOf;
using testing::HasSubstr;
using testing::Not;

const std::string rollcall = std::string(ROLLCALL_BIN) + "/rollcall";

class kept_sessions : public testing::Test {
 protected:
  kept_sessions() {
    const std::string behind = backend_.address();
    std::ofstream(target_) << "schema: 1\nname: front\nbase_url: http://" << front_.address()
                           << "\nsocket: { url: ws://" << behind << "/ws, kind: websocket }\n"
                           << "users: { pattern: { columns: { name: \"roll-${n}\", password: \"pw-roll-${n}\" } } }\n"
                           << "login:\n  steps:\n    - request: POST /login\n"
                           << "      json: { user: \"${name}\", password: \"${password}\" }\n"
                           << "      capture: { token: /session/token }\n"
                           << "  headers: { Authorization: \"Bearer ${token}\" }\n  lifetime: 30m\n"
                           << "  sessions: kept.sessions\n";
  }

  std::string conform(const std::string& run) {
    const auto judged =
        run_program({rollcall, "conform", "-t", target_, "--only", "RT-01", "-o", folder_.path() + "/" + run});
    EXPECT_EQ(judged.code, 0) << judged.out << judged.err;
    return judged.out;
  }

  std::string text_of(const std::string& path) const {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  std::string everything_in(const std::string& run) const {
    std::string all;
    for (const auto& each : std::filesystem::recursive_directory_iterator(folder_.path() + "/" + run)) {
      if (each.is_regular_file()) all += text_of(each.path());
    }
    return all;
  }

  scratch_folder folder_;
  std::string target_ = folder_.path() + "/target.yaml";
  std::string kept_ = folder_.path() + "/kept.sessions";
  conformance::selftest::faulty_backend backend_{{}};
  cli::test::front front_{backend_.address()};
};

TEST_F(kept_sessions, the_second_run_makes_no_login) {
  conform("first");
  const int logins = front_.logins();
  EXPECT_GE(logins, 2);
  struct stat is {};
  ASSERT_EQ(::stat(kept_.c_str(), &is), 0);
  EXPECT_EQ(is.st_mode & 0777U, 0600U);

  conform("second");
  EXPECT_EQ(front_.logins(), logins);
  ASSERT_THAT(text_of(kept_), HasSubstr(front_.tokens().front()));  // it would be found
  for (const std::string run : {"first", "second"}) {
    const std::string all = everything_in(run);
    EXPECT_THAT(all, HasSubstr("roll-1"));
    for (const std::string& token : front_.tokens()) EXPECT_THAT(all, Not(HasSubstr(token)));
    EXPECT_THAT(all, Not(HasSubstr("pw-roll-1\"")));
  }

  // As if half an hour had gone by.
  std::string changed = text_of(kept_);
  for (auto at = changed.find("\"ends\":"); at != std::string::npos; at = changed.find("\"ends\":", at + 1)) {
    changed.replace(at + 7, changed.find_first_not_of("0123456789", at + 7) - at - 7, "1000000000");
  }
  std::ofstream(kept_) << changed;
  conform("third");
  EXPECT_EQ(front_.logins(), 2 * logins);
}

TEST_F(kept_sessions, workers_of_a_load_keep_theirs_in_one_file) {
  const auto load = [&](const std::string& run) {
    const auto loaded = run_program({rollcall, "load", "-t", target_, "-u", "20", "--workers", "3", "--rate", "40/s",
                                     "-d", "1s", "-o", folder_.path() + "/" + run});
    EXPECT_THAT(loaded.code, AnyOf(0, 4)) << loaded.out << loaded.err;  // 4: a busy machine
  };
  load("first");
  EXPECT_EQ(front_.logins(), 20);
  load("second");
  EXPECT_EQ(front_.logins(), 20);
}

TEST_F(kept_sessions, token_logs_a_user_in_and_gives_its_headers) {
  const auto token = [&](const char* who) { return run_program({rollcall, "token", who, "-t", target_}); };
  const auto first = token("roll-3");
  EXPECT_EQ(first.code, 0) << first.err;
  ASSERT_EQ(front_.tokens().size(), 1U);
  EXPECT_EQ(first.out, "Authorization: Bearer " + front_.tokens().front() + "\n");
  EXPECT_EQ(token("#3").out, first.out) << "the session was kept";
  EXPECT_EQ(front_.logins(), 1);
  EXPECT_NE(token("#4").out, first.out);

  const auto nobody = token("pw-roll-3");
  EXPECT_EQ(nobody.code, 2);
  EXPECT_THAT(nobody.err, HasSubstr("none of the 100000 users of the target file is 'pw-roll-3'"));
  EXPECT_EQ(nobody.out, "");
}

TEST(token, is_signed_as_the_file_says) {
  const scratch_folder folder;
  const std::string target = folder.path() + "/t.yaml";
  std::ofstream(target) << "schema: 1\nname: minted\nbase_url: http://127.0.0.1:1\n"
                           "socket: { url: \"ws://127.0.0.1:1/ws\", kind: websocket }\n"
                           "login:\n  jwt: { secret: 0123456789abcdef0123456789abcdef, subject: \"u-${name}\", "
                           "claims: { role: member } }\n  headers: { X-Auth: \"${token}\" }\n";
  const auto said = run_program({rollcall, "token", "alice", "-t", target});
  EXPECT_EQ(said.code, 0) << said.err;
  ASSERT_THAT(said.out, testing::StartsWith("X-Auth: eyJ"));
  // The payload, between the dots, in base64.
  std::string payload = said.out.substr(said.out.find('.') + 1);
  payload.erase(payload.find('.'));
  for (char& c : payload) c = c == '-' ? '+' : c == '_' ? '/' : c;
  payload.append((4 - payload.size() % 4) % 4, '=');
  std::string text(payload.size(), '\0');
  ASSERT_GT(::EVP_DecodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                              reinterpret_cast<const unsigned char*>(payload.data()), static_cast<int>(payload.size())),
            0);
  EXPECT_THAT(text, testing::AllOf(HasSubstr("\"sub\":\"u-alice\""), HasSubstr("\"role\":\"member\"")));
}

}  // namespace

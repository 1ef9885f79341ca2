// Sessions kept between runs, as a person sees them: the second run makes no log-in, an expired session is made anew,
// and no token is anywhere but in the file that only its owner may read.
#include "cli/test/front.hpp"
#include "conformance/selftest/run_program.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
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

}  // namespace

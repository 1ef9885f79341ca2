// Stopping, killing, pausing and starting single parts of a running stack.
#include "harness/stack/descriptor.hpp"
#include "harness/stack/process.hpp"
#include "harness/stack/stack.hpp"
#include "harness/stack/test/environment.hpp"

#include <gmock/gmock.h>
#include <libpq-fe.h>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include <cstring>
#include <fstream>
#include <sstream>

namespace stack {
namespace {
namespace fs = std::filesystem;
using test::find;
using testing::HasSubstr;

class Commands : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    programs_ = new test::stand_ins;
    auto started = stack::start(test::with_stand_ins(*programs_));
    ASSERT_TRUE(started) << started.error().what;
    running_ = started->release();
  }
  static void TearDownTestSuite() {
    delete running_;
    delete programs_;
  }
  void SetUp() override { ASSERT_NE(running_, nullptr); }
  void TearDown() override { EXPECT_FALSE(running_->failed()); }

  bool answers(const std::string& name) const {
    if (name == "postgres") return test::postgres_answers(*running_);
    if (name == "redis") return test::redis_answers(*running_);
    return test::listens(find(*running_, name).address);
  }

  static inline test::stand_ins* programs_ = nullptr;
  static inline stack* running_ = nullptr;
  static constexpr const char* names[] = {"postgres", "redis", "api1", "g1"};
};

TEST_F(Commands, StopAndStartKeepTheAddress) {
  for (const std::string name : names) {
    const client::part before = find(*running_, name);
    const auto children = process::children_of(before.pid);
    ASSERT_TRUE(running_->stop(name));
    EXPECT_EQ(find(*running_, name).pid, 0);
    EXPECT_EQ(process::state_of(before.pid), '\0');
    EXPECT_TRUE(test::all_gone({children.begin(), children.end()}));
    EXPECT_FALSE(answers(name)) << name;
    const auto again = running_->start(name);
    ASSERT_TRUE(again) << again.error().what;
    EXPECT_TRUE(answers(name)) << name;
    EXPECT_EQ(find(*running_, name).address, before.address);
    EXPECT_EQ(find(*running_, name).admin, before.admin);
    EXPECT_NE(find(*running_, name).pid, before.pid);
  }
}

TEST_F(Commands, KillTakesAllProcessesOfThePart) {
  for (const std::string name : names) {
    const client::part before = find(*running_, name);
    PGconn* session = nullptr;  // a database session of its own is one of the processes to go
    if (name == "postgres") session = PQconnectdb(running_->postgres_conninfo().c_str());
    const auto children = process::children_of(before.pid);
    EXPECT_EQ(children.size() > 1, name == "postgres");
    const auto killed = running_->kill(name);
    ASSERT_TRUE(killed) << killed.error().what;
    EXPECT_EQ(process::state_of(before.pid), '\0');
    for (const pid_t child : children) EXPECT_EQ(process::state_of(child), '\0') << name;
    PQfinish(session);
    EXPECT_FALSE(answers(name));
    ASSERT_TRUE(running_->kill(name));  // down is what was wanted
    const auto again = running_->start(name);
    ASSERT_TRUE(again) << again.error().what;
    EXPECT_TRUE(answers(name)) << name;
    EXPECT_EQ(find(*running_, name).address, before.address);
  }
}

TEST_F(Commands, SeveralAreKilledTogether) {
  const std::vector<int> pids = test::everybody(*running_);
  const auto killed = running_->kill_together({"redis", "postgres", "g1"});
  ASSERT_TRUE(killed) << killed.error().what;
  for (const std::string name : {"redis", "postgres", "g1"}) EXPECT_FALSE(answers(name)) << name;
  EXPECT_TRUE(answers("api1"));
  for (const std::string name : {"postgres", "redis", "g1"}) ASSERT_TRUE(running_->start(name));
  EXPECT_THAT(running_->kill_together({"redis", "api9"}).error().what, HasSubstr("api9: no such part"));
  ASSERT_TRUE(running_->start("redis"));
}

TEST_F(Commands, PauseStopsEveryProcessAndResumeWakesThem) {
  for (const std::string name : names) {
    const int pid = find(*running_, name).pid;
    PGconn* session = nullptr;
    if (name == "postgres") session = PQconnectdb(running_->postgres_conninfo().c_str());
    std::vector<pid_t> all = process::children_of(pid);
    all.push_back(pid);
    const auto paused = running_->pause(name);
    ASSERT_TRUE(paused) << paused.error().what;
    EXPECT_TRUE(find(*running_, name).paused);
    for (const pid_t one : all) EXPECT_EQ(process::state_of(one), 'T') << name;
    ASSERT_TRUE(running_->resume(name));
    EXPECT_FALSE(find(*running_, name).paused);
    for (const pid_t one : all) EXPECT_TRUE(test::becomes_true([&] { return process::state_of(one) != 'T'; })) << name;
    EXPECT_TRUE(answers(name));
    ASSERT_TRUE(running_->resume(name));
    PQfinish(session);
  }
}

TEST_F(Commands, PausedPartsCanBeStoppedAndKilled) {
  for (const std::string name : names) {
    ASSERT_TRUE(running_->pause(name));
    ASSERT_TRUE(running_->stop(name));
    // Woken for its orderly end rather than killed: it has put its socket away.
    const std::string address = find(*running_, name).address;
    EXPECT_FALSE(address.starts_with('/') && fs::exists(address)) << name;
    ASSERT_TRUE(running_->start(name));
    ASSERT_TRUE(running_->pause(name));
    ASSERT_TRUE(running_->kill(name));
    ASSERT_TRUE(running_->start(name));
    EXPECT_TRUE(answers(name)) << name;
  }
}

TEST_F(Commands, MistakesAreOneClearLine) {
  EXPECT_THAT(running_->stop("api9").error().what,
              HasSubstr("api9: no such part; there are postgres, redis, api1, g1"));
  EXPECT_THAT(running_->start("g1").error().what, HasSubstr("g1: runs already"));
  ASSERT_TRUE(running_->stop("g1"));
  EXPECT_THAT(running_->pause("g1").error().what, HasSubstr("g1: cannot be paused, it is down"));
  ASSERT_TRUE(running_->start("g1"));
}

TEST(CommandsAtTheEnd, PausedAndKilledPartsDoNotOutliveTheStack) {
  auto started = stack::start(test::only_stores());
  ASSERT_TRUE(started) << started.error().what;
  stack& running = **started;
  std::ifstream file(running.directory() / "postgres" / "postmaster.pid");
  std::string line;
  for (int number = 0; number < 7; ++number) std::getline(file, line);
  std::istringstream fields(line);
  unsigned long key = 0;
  int segment = -1;
  ASSERT_TRUE(fields >> key >> segment);
  shmid_ds found{};
  ASSERT_EQ(::shmctl(segment, IPC_STAT, &found), 0);

  const std::vector<int> pids = test::everybody(running);
  ASSERT_TRUE(running.pause("redis"));
  ASSERT_TRUE(running.kill("postgres"));
  EXPECT_TRUE(running.shut_down());
  EXPECT_TRUE(test::all_gone(pids));
  EXPECT_FALSE(fs::exists(running.directory()));
  EXPECT_NE(::shmctl(segment, IPC_STAT, &found), 0) << "the database's shared memory segment is still there";
}

TEST(CommandsAtTheEnd, APartMayBeLeftDownAtFirstAndHaveAnotherRedis) {
  const test::stand_ins programs;
  options wanted = test::with_stand_ins(programs);
  wanted.down = {"g1"};
  wanted.arguments["g1"] = {"--redis", "unix:/elsewhere"};
  auto started = stack::start(wanted);
  ASSERT_TRUE(started) << started.error().what;
  stack& running = **started;
  const client::part down = find(running, "g1");
  EXPECT_EQ(down.pid, 0);
  EXPECT_FALSE(test::listens(down.address));
  ASSERT_TRUE(running.start("g1"));
  EXPECT_EQ(find(running, "g1").address, down.address);
  const std::string said = test::text_of(running.logs() / "g1.log");
  EXPECT_THAT(said, HasSubstr("argument unix:/elsewhere"));
  EXPECT_THAT(said, testing::Not(HasSubstr(running.redis_path().string())));
  EXPECT_THAT(test::text_of(running.logs() / "api1.log"), HasSubstr(running.redis_path().string()));
}

TEST(CommandsAtTheEnd, StartThatFailsIsAnAnswerAndNoDeath) {
  const test::stand_ins programs;
  auto started = stack::start(test::with_stand_ins(programs));
  ASSERT_TRUE(started) << started.error().what;
  stack& running = **started;
  ASSERT_TRUE(running.stop("api1"));
  fs::remove(programs.path() / "rollcall-api");
  fs::create_symlink("/bin/false", programs.path() / "rollcall-api");
  const auto again = running.start("api1");
  ASSERT_FALSE(again);
  EXPECT_THAT(again.error().what, HasSubstr("api1 exited with code 1 before it was ready"));
  EXPECT_FALSE(running.failed());
  fs::remove(programs.path() / "rollcall-api");
  fs::create_symlink(fs::path(ROLLCALL_BIN) / "stack-standin", programs.path() / "rollcall-api");
  EXPECT_TRUE(running.start("api1"));
}

}  // namespace
}  // namespace stack

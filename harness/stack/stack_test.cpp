// The life of a whole stack: up, down, and every way in which it can end. Real PostgreSQL and Redis, stand-ins for the
// server's programs.
#include "harness/stack/stack.hpp"

#include "harness/stack/descriptor.hpp"
#include "harness/stack/process.hpp"
#include "harness/stack/test/environment.hpp"

#include <gmock/gmock.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <sstream>

namespace stack {
namespace {
namespace fs = std::filesystem;
using test::becomes_true;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

TEST(Stack, StoresComeUpAndLeaveNothing) {
  const auto began = std::chrono::steady_clock::now();
  auto started = stack::start(test::only_stores());
  ASSERT_TRUE(started) << started.error().what;
  const auto took = std::chrono::steady_clock::now() - began;
  RecordProperty("milliseconds", static_cast<int>(took / std::chrono::milliseconds(1)));
  stack& running = **started;
  EXPECT_TRUE(test::postgres_answers(running));
  EXPECT_TRUE(test::redis_answers(running));
  EXPECT_GE(running.secret().size(), 32u);
  EXPECT_FALSE(running.failed());
  EXPECT_EQ(running.list().size(), 2u);
  EXPECT_TRUE(running.base_urls().empty());
  const std::vector<int> pids = test::everybody(running);
  EXPECT_GT(pids.size(), 4u);  // the supervisor, the two, and the database's own children
  const fs::path directory = running.directory();
  EXPECT_TRUE(fs::exists(directory / "logs" / "postgres.log"));
  EXPECT_TRUE(running.shut_down());
  EXPECT_TRUE(test::all_gone(pids));
  EXPECT_FALSE(fs::exists(directory));
  EXPECT_TRUE(running.shut_down());
}

TEST(Stack, TwoAtOnceDoNotCollide) {
  const test::stand_ins programs;
  auto first = stack::start(test::with_stand_ins(programs));
  ASSERT_TRUE(first) << first.error().what;
  auto second = stack::start(test::with_stand_ins(programs));
  ASSERT_TRUE(second) << second.error().what;
  EXPECT_NE((*first)->secret(), (*second)->secret());
  EXPECT_NE((*first)->base_urls(), (*second)->base_urls());
  EXPECT_NE((*first)->directory(), (*second)->directory());
  EXPECT_TRUE((*first)->shut_down());
  EXPECT_TRUE(test::postgres_answers(**second));
  EXPECT_TRUE(test::redis_answers(**second));
}

TEST(Stack, ServicesGetTheirFlagsAndTheSecretByEnvironment) {
  const test::stand_ins programs;
  const test::folder logs;
  options wanted = test::with_stand_ins(programs);
  wanted.api = 2;
  wanted.logs = logs.path();
  wanted.postgres_suffix = "options='-c search_path=own'";
  wanted.arguments["gateway"] = {"--ping-interval", "2s"};
  wanted.arguments["api2"] = {"--only-for-two"};
  auto started = stack::start(wanted);
  ASSERT_TRUE(started) << started.error().what;
  stack& running = **started;

  EXPECT_EQ(running.base_urls().size(), 2u);
  EXPECT_EQ(running.socket_urls().size(), 1u);
  EXPECT_THAT(running.socket_urls()[0], HasSubstr("/ws"));
  EXPECT_EQ(running.admin_urls().size(), 3u);
  for (const char* name : {"api1", "api2", "g1"}) {
    EXPECT_TRUE(test::listens(test::find(running, name).address)) << name;
    EXPECT_TRUE(test::listens(test::find(running, name).admin)) << name;
  }
  const std::string second = test::text_of(logs.path() / "api2.log");
  EXPECT_THAT(second, HasSubstr("secret of 64 bytes"));
  EXPECT_THAT(second, HasSubstr("--only-for-two"));
  EXPECT_THAT(second, HasSubstr("user=rollcall dbname=postgres options='-c search_path=own'"));
  EXPECT_THAT(second, HasSubstr("unix:" + running.redis_path().string()));
  EXPECT_THAT(test::text_of(logs.path() / "api1.log"), Not(HasSubstr("--only-for-two")));
  EXPECT_THAT(test::text_of(logs.path() / "g1.log"), HasSubstr("--ping-interval"));
  for (const client::part& one : running.list()) {
    const std::string process = "/proc/" + std::to_string(one.pid);
    EXPECT_THAT(test::text_of(process + "/cmdline"), Not(HasSubstr(running.secret())));
    const bool store = one.name == "postgres" || one.name == "redis";
    EXPECT_EQ(test::text_of(process + "/environ").find(running.secret()) == std::string::npos, store) << one.name;
  }
  EXPECT_TRUE(running.shut_down());
  EXPECT_TRUE(fs::exists(logs.path() / "postgres.log"));
  for (const auto& entry : fs::directory_iterator(logs.path())) {
    EXPECT_THAT(test::text_of(entry.path()), Not(HasSubstr(running.secret()))) << entry.path();
  }
}

// What the stack of another process reports: its processes and its directory.
struct report {
  std::vector<int> pids;
  fs::path directory;
};

// Starts a stack in a forked process that then does nothing; its pid, and what it wrote.
pid_t in_another_process(report& heard) {
  pipe_ends ends = make_pipe();
  const pid_t child = ::fork();
  if (child == 0) {
    auto started = stack::start(test::only_stores());
    if (!started) ::_exit(1);
    std::ostringstream line;
    for (const int pid : test::everybody(**started)) line << pid << ' ';
    line << (*started)->directory().string();
    write_line(ends.writing.get(), line.str());
    for (;;) ::pause();
  }
  ends.writing.close();
  line_reader lines;
  std::optional<std::string> line;
  while (!(line = lines.next()) && lines.read_once(ends.reading.get())) {
  }
  std::istringstream fields(line.value_or(""));
  for (int pid = 0; fields >> pid;) heard.pids.push_back(pid);
  fields.clear();
  std::string directory;
  fields >> directory;
  heard.directory = directory;
  return child;
}

TEST(Stack, ParentKilledLeavesNoProcessAndNoDirectory) {
  report heard;
  const pid_t parent = in_another_process(heard);
  ASSERT_GT(heard.pids.size(), 4u);
  ASSERT_TRUE(fs::exists(heard.directory));
  ::kill(parent, SIGKILL);
  ::waitpid(parent, nullptr, 0);
  EXPECT_TRUE(becomes_true([&] { return test::all_gone(heard.pids); }));
  EXPECT_FALSE(fs::exists(heard.directory));
}

TEST(Stack, ParentKilledDuringTheStartLeavesNothing) {
  const test::folder base("rt-");
  const pid_t parent = ::fork();
  if (parent == 0) {
    ::setenv("TMPDIR", base.path().c_str(), 1);
    auto started = stack::start(test::only_stores());
    ::_exit(0);
  }
  std::vector<int> pids;
  EXPECT_TRUE(becomes_true([&] {  // the supervisor is there and initdb has begun to write
    pids = process::children_of(parent);
    for (const auto& entry : fs::directory_iterator(base.path())) {
      std::error_code ignored;
      if (fs::exists(entry.path() / "postgres.new" / "PG_VERSION", ignored)) return !pids.empty();
    }
    return false;
  }));
  ASSERT_EQ(pids.size(), 1u);
  for (const int child : process::children_of(pids[0])) pids.push_back(child);
  EXPECT_GT(pids.size(), 1u);
  ::kill(parent, SIGKILL);
  ::waitpid(parent, nullptr, 0);
  EXPECT_TRUE(becomes_true([&] { return test::all_gone(pids); }));
  EXPECT_TRUE(fs::is_empty(base.path()));
}

TEST(Stack, InterruptedStartReturnsCleanly) {
  const test::folder base("rt-");
  const test::variable temporary("TMPDIR", base.path());
  pipe_ends interrupt = make_pipe();
  write_line(interrupt.writing.get(), "now");
  options wanted = test::only_stores();
  wanted.interrupt_fd = interrupt.reading.get();
  const auto started = stack::start(wanted);
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().kind, failure::interrupted);
  EXPECT_TRUE(fs::is_empty(base.path()));
  EXPECT_TRUE(process::children_of(::getpid()).empty());
}

// A stand-in alone, without stores.
options only_a_server(const test::stand_ins& programs) {
  options wanted = test::with_stand_ins(programs);
  wanted.stores = false;
  wanted.replacement = fs::path(ROLLCALL_BIN) / "stack-standin";
  return wanted;
}

TEST(Stack, SignalsToTheSupervisorEndEverything) {
  const test::stand_ins programs;
  for (const int number : {SIGTERM, SIGINT}) {
    auto started = stack::start(number == SIGTERM ? test::only_stores() : only_a_server(programs));
    ASSERT_TRUE(started) << started.error().what;
    const std::vector<int> pids = test::everybody(**started);
    ::kill((*started)->supervisor_pid(), number);
    EXPECT_TRUE(becomes_true([&] { return test::all_gone(pids); }));
    EXPECT_FALSE(fs::exists((*started)->directory()));
    EXPECT_TRUE((*started)->failed());
  }
}

TEST(Stack, DeathOfAPartEndsEverythingAndIsReported) {
  const test::stand_ins programs;
  for (const std::string name : {"server", "redis", "postgres"}) {
    auto started = stack::start(name == "server" ? only_a_server(programs) : test::only_stores());
    ASSERT_TRUE(started) << started.error().what;
    stack& running = **started;
    const std::vector<int> pids = test::everybody(running);
    ::kill(test::find(running, name).pid, SIGKILL);
    pollfd news{running.event_fd(), POLLIN, 0};
    EXPECT_EQ(::poll(&news, 1, 20'000), 1);
    const auto why = running.failed();
    ASSERT_TRUE(why);
    EXPECT_THAT(*why, HasSubstr(name + " was ended by signal 9 (Killed)"));
    EXPECT_EQ(why->find("standin: argument") != std::string::npos, name == "server") << *why;
    EXPECT_TRUE(becomes_true([&] { return test::all_gone(pids); })) << name;
    EXPECT_FALSE(fs::exists(running.directory()));
    const auto late = running.stop(name);
    ASSERT_FALSE(late);
    EXPECT_THAT(late.error().what, HasSubstr("signal 9"));
  }
}

TEST(Stack, KilledSupervisorTakesThePartsWithIt) {
  auto started = stack::start(test::only_stores());
  ASSERT_TRUE(started) << started.error().what;
  const std::vector<int> pids = test::everybody(**started);
  ::kill((*started)->supervisor_pid(), SIGKILL);
  EXPECT_TRUE((*started)->shut_down());
  EXPECT_TRUE(becomes_true([&] { return test::all_gone(pids); }));
  fs::remove_all((*started)->directory());  // nobody else can
}

TEST(Stack, PartThatFailsToStartIsQuoted) {
  const test::folder base("rt-");
  const test::variable temporary("TMPDIR", base.path());
  const test::stand_ins programs;
  options wanted = test::with_stand_ins(programs);
  wanted.arguments["g1"] = {"--fail"};
  const auto started = stack::start(wanted);
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().kind, failure::not_started);
  EXPECT_THAT(started.error().what, HasSubstr("g1 exited with code 3 before it was ready"));
  EXPECT_THAT(started.error().what, HasSubstr("the moon is full"));
  EXPECT_TRUE(fs::is_empty(base.path()));
}

TEST(Stack, PartThatIsNeverReadyIsNamed) {
  const test::stand_ins programs;
  options wanted = only_a_server(programs);
  wanted.replacement_arguments = {"--mute"};
  wanted.deadline = std::chrono::milliseconds(300);
  const auto started = stack::start(wanted);
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().kind, failure::not_started);
  EXPECT_THAT(started.error().what, HasSubstr("server was not ready in time"));
}

TEST(Stack, ReadyMeansThatEveryServiceSaysSo) {
  const test::stand_ins programs;
  options wanted = test::with_stand_ins(programs);
  wanted.arguments["api1"] = {"--unready", "3"};
  auto started = stack::start(wanted);
  ASSERT_TRUE(started) << started.error().what;
  const std::string log = test::text_of((*started)->logs() / "api1.log");
  EXPECT_THAT(log,
              HasSubstr("standin: not ready yet\nstandin: not ready yet\nstandin: not ready yet\nstandin: ready\n"));
}

TEST(Stack, ReplacementRunsAlone) {
  const test::stand_ins programs;
  options wanted = only_a_server(programs);
  wanted.replacement_arguments = {"--fault", "none"};
  auto started = stack::start(wanted);
  ASSERT_TRUE(started) << started.error().what;
  stack& running = **started;
  const std::string address = test::find(running, "server").address;
  EXPECT_THAT(running.base_urls(), ElementsAre("http://" + address));
  EXPECT_THAT(running.socket_urls(), ElementsAre("ws://" + address + "/ws"));
  EXPECT_TRUE(test::listens(address));
  EXPECT_THAT(test::text_of(running.logs() / "server.log"), HasSubstr("--fault"));
  EXPECT_EQ(running.postgres_conninfo(), "");
}

}  // namespace
}  // namespace stack

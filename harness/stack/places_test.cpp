// Programs, directories and ports: what is looked for where, and what is said when it is not there.
#include "harness/stack/directory.hpp"
#include "harness/stack/loopback_port.hpp"
#include "harness/stack/plan.hpp"
#include "harness/stack/programs.hpp"
#include "harness/stack/secret.hpp"
#include "harness/stack/test/environment.hpp"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

namespace stack {
namespace {
namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

void make_program(const fs::path& file) {
  fs::create_directories(file.parent_path());
  std::ofstream(file) << "#!/bin/sh\n";
  fs::permissions(file, fs::perms(0755));
}

account myself() {
  return {"me", ::geteuid(), ::getegid(), false};
}

TEST(Programs, PathComesFirstThenTheNewestVersion) {
  const test::folder root;
  const fs::path path = root.path() / "path", debian = root.path() / "debian";
  make_program(path / "redis-server");
  for (const char* version : {"9", "15", "13"}) {
    make_program(debian / version / "bin" / "initdb");
    make_program(debian / version / "bin" / "postgres");
  }
  make_program(debian / "16" / "bin" / "initdb");  // a client's package: no server
  const auto newest = find_stores(path.string(), debian);
  ASSERT_TRUE(newest) << newest.error().what;
  EXPECT_EQ(newest->postgres, debian / "15" / "bin" / "postgres");

  make_program(path / "initdb");
  make_program(path / "postgres");
  const auto first = find_stores("/nowhere:" + path.string(), debian);
  ASSERT_TRUE(first) << first.error().what;
  EXPECT_EQ(first->initdb, path / "initdb");
}

TEST(Programs, MissingOnesAreNamedWithTheirPackage) {
  const test::folder root;
  const auto nothing = find_stores(root.path().string(), root.path());
  ASSERT_FALSE(nothing);
  EXPECT_EQ(nothing.error().kind, failure::missing_program);
  EXPECT_THAT(nothing.error().what, HasSubstr("package postgresql-15"));
  EXPECT_THAT(nothing.error().what, Not(HasSubstr("\n")));

  make_program(root.path() / "initdb");
  make_program(root.path() / "postgres");
  const auto no_redis = find_stores(root.path().string(), root.path());
  ASSERT_FALSE(no_redis);
  EXPECT_THAT(no_redis.error().what, HasSubstr("package redis-server"));

  const auto ours = find_ours(root.path(), "rollcall-api");
  ASSERT_FALSE(ours);
  EXPECT_THAT(ours.error().what, HasSubstr("rollcall-api is not in " + root.path().string()));
}

TEST(Programs, MissingOneStopsTheStartBeforeAnythingIsMade) {
  const test::folder root("rt-");
  const test::variable path("PATH", root.path()), temporary("TMPDIR", root.path());
  const auto started = stack::start(test::only_stores());
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().kind, failure::missing_program);
  EXPECT_THAT(started.error().what, HasSubstr("redis-server"));
  EXPECT_TRUE(fs::is_empty(root.path()));

  options wanted = test::only_stores();
  wanted.programs = root.path();
  const auto unbuilt = stack::start(wanted);
  ASSERT_FALSE(unbuilt);
  EXPECT_THAT(unbuilt.error().what, HasSubstr("rollcall-stack is not in"));
}

TEST(Directories, PathTooLongForSocketsIsSaid) {
  const test::folder root("rt-");
  const fs::path deep = root.path() / std::string(80, 'x');
  fs::create_directories(deep);
  const test::variable temporary("TMPDIR", deep);
  const auto started = stack::start(test::only_stores());
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().kind, failure::usage);
  EXPECT_THAT(started.error().what, HasSubstr("too long for unix sockets"));
  EXPECT_THAT(started.error().what, HasSubstr("107; set TMPDIR"));
  EXPECT_TRUE(fs::is_empty(deep));
}

TEST(Directories, CommaInThePathIsRefused) {
  const auto made = private_directory::make("/tmp/a,b", myself());
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error().what, HasSubstr("/tmp/a,b: has a comma"));
}

TEST(Directories, LongestPathThatFitsIsTaken) {
  const test::folder root("rt-");
  const std::size_t rest =
      107 - std::string_view("/rc-XXXXXX/s/.s.PGSQL.5432").size() - root.path().string().size() - 1;
  for (const auto& [length, fits] : {std::pair{rest, true}, std::pair{rest + 1, false}}) {
    const fs::path deep = root.path() / std::string(length, 'x');
    fs::create_directories(deep);
    EXPECT_EQ(private_directory::make(deep, myself()).has_value(), fits);
  }
}

TEST(Directories, DataOfSomebodyElseIsLeftAlone) {
  const test::folder root;
  std::ofstream(root.path() / "thesis.tex") << "years of work\n";
  const auto opened = data_directory::open(root.path(), myself());
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().what, HasSubstr("is not empty and holds no data of a private stack"));
  const auto file = data_directory::open(root.path() / "thesis.tex", myself());
  ASSERT_FALSE(file);
  EXPECT_THAT(file.error().what, HasSubstr("is not a directory"));
}

TEST(Directories, DataIsLockedAndItsSecretKept) {
  const test::folder root;
  const fs::path kept = root.path() / "deep" / "data";
  std::string secret;
  {
    const auto first = data_directory::open(kept, myself());
    ASSERT_TRUE(first) << first.error().what;
    const auto second = data_directory::open(kept, myself());
    ASSERT_FALSE(second);
    EXPECT_THAT(second.error().what, HasSubstr("another stack is running on it"));
    secret = *first->secret("");
    EXPECT_GE(secret.size(), shortest_secret);
    struct stat found {};
    ASSERT_EQ(::stat((kept / "secret").c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 0777, 0600u);
  }
  const auto again = data_directory::open(kept, myself());
  ASSERT_TRUE(again) << again.error().what;
  EXPECT_EQ(*again->secret(""), secret);
  const std::string chosen(40, 's');
  EXPECT_EQ(*again->secret(chosen), chosen);
  EXPECT_EQ(read_secret(kept / "secret"), chosen);
}

TEST(Directories, WallsOnTheWayAreNamed) {
  const test::folder root;
  fs::create_directories(root.path() / "closed" / "data");
  fs::permissions(root.path() / "closed", fs::perms(0700));
  const account other{"somebody", 65533, 65533, true};
  const auto wall = closed_to(other, root.path() / "closed" / "data");
  ASSERT_TRUE(wall);
  EXPECT_EQ(*wall, root.path() / "closed");
  EXPECT_FALSE(closed_to(other, root.path() / "absent" / "data"));
}

TEST(Secret, IsRandomAndLongEnough) {
  EXPECT_EQ(new_secret().size(), 64u);
  EXPECT_NE(new_secret(), new_secret());
}

// A socket bound to the port; -1 when the kernel refuses.
int bound_to(std::uint16_t port, bool reuse) {
  const int number = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int yes = reuse;
  ::setsockopt(number, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  if (::bind(number, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return number;
  ::close(number);
  return -1;
}

TEST(LoopbackPort, IsNobodyElsesAndCanBeListenedOn) {
  const auto port = loopback_port::reserve();
  ASSERT_TRUE(port);
  EXPECT_FALSE(test::listens(port->address()));
  EXPECT_EQ(bound_to(port->number(), false), -1);
  for (int start = 0; start < 2; ++start) {
    const descriptor server(bound_to(port->number(), true));
    ASSERT_TRUE(server.open());
    ASSERT_EQ(::listen(server.get(), 8), 0);
    EXPECT_TRUE(test::listens(port->address()));
  }
  EXPECT_FALSE(test::listens(port->address()));
}

TEST(Plan, SurvivesThePipe) {
  plan made;
  made.api = 2;
  made.stores = false;
  made.balancer = true;
  made.down = {"g1"};
  made.arguments["api"] = {"--a", "1"};
  made.arguments["api2"] = {"--b"};
  made.postgres_suffix = "x='y z'";
  made.replacement_arguments = {"--fault", "none"};
  made.deadline_ms = 77;
  const plan read = plan_from(boost::json::parse(boost::json::serialize(to_json(made))));
  EXPECT_EQ(to_json(read), to_json(made));
  EXPECT_THAT(read.arguments_of("api", "api2"), ElementsAre("--a", "1", "--b"));
  EXPECT_THAT(read.arguments_of("api", "api1"), ElementsAre("--a", "1"));
  EXPECT_THAT(read.arguments_of("redis", "redis"), ElementsAre());
}

TEST(Options, ThatCannotWorkAreRefused) {
  options wanted = test::only_stores();
  wanted.api = 17;
  EXPECT_THAT(stack::start(wanted).error().what, HasSubstr("api: 17 processes asked for; 0 to 16"));
  wanted = test::only_stores();
  wanted.secret = "short";
  EXPECT_THAT(stack::start(wanted).error().what, HasSubstr("the secret has 5 bytes"));
  wanted = {};
  wanted.stores = false;
  EXPECT_EQ(stack::start(wanted).error().kind, failure::usage);
}

}  // namespace
}  // namespace stack

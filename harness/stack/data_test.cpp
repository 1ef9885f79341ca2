// A stack on a data directory: what is kept, what is refused.
#include "harness/stack/stack.hpp"
#include "harness/stack/test/environment.hpp"

#include <gmock/gmock.h>
#include <libpq-fe.h>

namespace stack {
namespace {
namespace fs = std::filesystem;
using testing::HasSubstr;

std::string query(const stack& running, const char* text) {
  PGconn* link = PQconnectdb(running.postgres_conninfo().c_str());
  PGresult* result = PQexec(link, text);
  const bool rows = PQresultStatus(result) == PGRES_TUPLES_OK;
  const std::string value = rows ? PQgetvalue(result, 0, 0) : PQresultErrorMessage(result);
  PQclear(result);
  PQfinish(link);
  return value;
}

TEST(Data, SurvivesTheStackWithItsSecret) {
  const test::folder root;
  options wanted = test::only_stores();
  wanted.data = root.path() / "data";
  std::string secret;
  {
    auto started = stack::start(wanted);
    ASSERT_TRUE(started) << started.error().what;
    secret = (*started)->secret();
    EXPECT_GE(secret.size(), 32u);
    EXPECT_EQ(query(**started, "CREATE TABLE kept AS SELECT 42 AS answer"), "");
    EXPECT_EQ(query(**started, "SELECT current_setting('fsync') || current_setting('synchronous_commit')"), "onon");

    const auto second = stack::start(wanted);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().kind, failure::usage);
    EXPECT_THAT(second.error().what, HasSubstr("another stack is running on it"));
    EXPECT_TRUE(test::postgres_answers(**started));
    // Killed rather than stopped, so that the next start has to recover.
    ASSERT_TRUE((*started)->kill("postgres"));
  }
  auto again = stack::start(wanted);
  ASSERT_TRUE(again) << again.error().what;
  EXPECT_EQ((*again)->secret(), secret);
  EXPECT_EQ(query(**again, "SELECT answer FROM kept"), "42");
  EXPECT_TRUE(fs::exists(*wanted.data / "logs" / "postgres.log"));
  const fs::path directory = (*again)->directory();
  EXPECT_TRUE((*again)->shut_down());
  EXPECT_FALSE(fs::exists(directory));
  EXPECT_TRUE(fs::exists(*wanted.data / "postgres" / "PG_VERSION"));
}

TEST(Data, ForeignDirectoryIsRefused) {
  const test::folder root;
  fs::create_directory(root.path() / "precious");
  options wanted = test::only_stores();
  wanted.data = root.path();
  const auto started = stack::start(wanted);
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().kind, failure::usage);
  EXPECT_TRUE(fs::exists(root.path() / "precious"));
}

}  // namespace
}  // namespace stack

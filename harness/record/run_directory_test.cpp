#include "harness/record/run_directory.hpp"

#include "harness/record/masking.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>
#include <sstream>

namespace record {
namespace {

namespace fs = std::filesystem;

class RunDirectory : public testing::Test {
 protected:
  RunDirectory() {
    auto pattern = (fs::temp_directory_path() / "rollcall-record-XXXXXX").string();
    root_ = ::mkdtemp(pattern.data());
  }
  ~RunDirectory() override { fs::remove_all(root_); }

  run_directory::place collected(const std::string& kind = "conform") const {
    return {root_ / "runs", kind, std::nullopt,
            std::chrono::system_clock::time_point(std::chrono::seconds(1795497000))};
  }
  run_directory::place exact(const fs::path& path) const {
    auto where = collected();
    where.exact = path;
    return where;
  }
  static std::string read(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
  }
  static void put(const fs::path& file, const std::string& text) { std::ofstream(file, std::ios::binary) << text; }

  fs::path root_;
};

TEST_F(RunDirectory, IsPartialUntilItIsFinished) {
  run_directory run(collected());
  EXPECT_EQ(run.path().filename(), "20261124T051000Z-conform.partial");
  EXPECT_TRUE(fs::is_directory(run.logs()));
  run.write("result.json", "{}\n");
  run.write("cases/RT-01.txt", "x");
  EXPECT_FALSE(fs::exists(run.final_path()));
  const auto final_path = run.finish();
  EXPECT_EQ(final_path, root_ / "runs/20261124T051000Z-conform");
  EXPECT_EQ(run.path(), final_path);
  EXPECT_EQ(read(final_path / "result.json"), "{}\n");
  EXPECT_EQ(read(final_path / "cases/RT-01.txt"), "x");
  EXPECT_FALSE(fs::exists(final_path.string() + ".partial"));
  EXPECT_EQ(fs::read_symlink(root_ / "runs/latest"), "20261124T051000Z-conform");
  EXPECT_EQ(read(root_ / "runs/latest/result.json"), "{}\n");
}

TEST_F(RunDirectory, AnInterruptedRunLeavesItsPartialDirectoryAndNoLink) {
  {
    run_directory run(collected());
    run.write("result.json", "{}");
  }
  EXPECT_EQ(read(root_ / "runs/20261124T051000Z-conform.partial/result.json"), "{}");
  EXPECT_FALSE(fs::exists(fs::symlink_status(root_ / "runs/latest")));
}

TEST_F(RunDirectory, RunsOfOneSecondGetNamesOfTheirOwn) {
  run_directory first(collected());
  run_directory second(collected());
  EXPECT_NE(first.path(), second.path());
  first.finish();
  run_directory third(collected());
  third.finish();
  EXPECT_EQ(second.finish().filename(), "20261124T051000Z-conform-2");
  EXPECT_EQ(third.path().filename(), "20261124T051000Z-conform-3");
  EXPECT_EQ(fs::read_symlink(root_ / "runs/latest"), "20261124T051000Z-conform-2");
}

TEST_F(RunDirectory, ExactIsExactAndNotLinked) {
  run_directory run(exact(root_ / "new/out/"));
  run.write("a", "1");
  EXPECT_EQ(run.finish(), root_ / "new/out");
  EXPECT_EQ(read(root_ / "new/out/a"), "1");
  EXPECT_FALSE(fs::exists(fs::symlink_status(root_ / "new/latest")));
}

TEST_F(RunDirectory, ExactMayBeAnEmptyDirectory) {
  fs::create_directory(root_ / "out");
  run_directory run(exact(root_ / "out"));
  run.write("a", "1");
  run.finish();
  EXPECT_EQ(read(root_ / "out/a"), "1");
}

TEST_F(RunDirectory, WhatIsInTheWayIsSaid) {
  fs::create_directory(root_ / "full");
  put(root_ / "full/file", "x");
  put(root_ / "file", "x");
  for (const auto* const name : {"full", "file"}) {
    try {
      run_directory run(exact(root_ / name));
      FAIL() << name;
    } catch (const run_directory_error& error) {
      EXPECT_THAT(error.what(), testing::HasSubstr("is not an empty directory"));
      EXPECT_THAT(error.what(), testing::Not(testing::HasSubstr("\n")));
    }
  }
  run_directory interrupted(exact(root_ / "out"));
  EXPECT_THROW(run_directory(exact(root_ / "out")), run_directory_error);
}

TEST_F(RunDirectory, SomebodysOwnFileCalledLatestIsLeftAlone) {
  fs::create_directories(root_ / "runs/latest");
  run_directory run(collected());
  run.finish();
  EXPECT_FALSE(fs::is_symlink(root_ / "runs/latest"));
}

TEST_F(RunDirectory, Canary) {
  const std::string secret = "canary/with\"every+thing 0123456789";
  const std::string jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl";
  run_directory run(collected());
  run.masking().add(secret);
  run.write("result.json", "{\"command\": \"x " + secret + "\"}");
  run.write("escaped.json", R"({"s": "canary/with\"every+thing 0123456789"})");
  put(run.logs() / "api.log",
      "GET /ws?access_token=" + jwt + "&x=1\nno line end, secret canary%2Fwith%22every%2Bthing%200123456789");
  put(run.path() / "trace.jsonl", "{\"a\":1}\nAuthorization: Bearer " + jwt + "\n\n");
  const auto untouched = std::string("line\n\nlast\n");
  put(run.logs() / "plain.log", untouched);
  put(run.logs() / "empty.log", "");
  run.finish();
  std::size_t files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(run.path())) {
    if (entry.is_regular_file()) {
      ++files;
      const auto text = read(entry.path());
      for (const std::string_view leak : {"canary", "0123456789", "eyJ", "c2lnbmF0dXJl"}) {
        EXPECT_EQ(text.find(leak), std::string::npos) << entry.path() << ": " << text;
      }
    }
  }
  EXPECT_EQ(files, 6U);
  EXPECT_EQ(read(run.logs() / "plain.log"), untouched);
  EXPECT_EQ(read(run.path() / "trace.jsonl"), "{\"a\":1}\nAuthorization: Bearer ***\n\n");
  EXPECT_EQ(read(run.logs() / "api.log"), "GET /ws?access_token=***&x=1\nno line end, secret ***");
}

TEST(Masking, KnowsWhatTokensLookLike) {
  const masking mask;
  EXPECT_EQ(mask.mask("authorization: Bearer abc.def"), "authorization: Bearer ***");
  EXPECT_EQ(mask.mask(R"({"Authorization": "Token abc", "x": 1})"), R"({"Authorization": "Token ***", "x": 1})");
  EXPECT_EQ(mask.mask(R"("{\"authorization\":\"abc\",\"x\":1}")"), R"("{\"authorization\":\"***\",\"x\":1}")");
  EXPECT_EQ(mask.mask("Cookie: sid=1; csrf=2\r\nHost: x"), "Cookie: ***\r\nHost: x");
  EXPECT_EQ(mask.mask("/ws?access_token=a.b-c&token=d"), "/ws?access_token=***&token=***");
  EXPECT_EQ(mask.mask(R"({"token":"abc","token_type":"x"})"), R"({"token":"***","token_type":"x"})");
  EXPECT_EQ(mask.mask(R"(user=a&password=p%20q)"), "user=a&password=***");
  EXPECT_EQ(mask.mask("see eyJhbGci.eyJzdWIi.c2ln here"), "see *** here");
}

TEST(Masking, LeavesOrdinaryTextAlone) {
  masking mask;
  mask.add("abc");  // too short to look for
  for (const std::string_view text : {"a token of this run that was never sent", "The authorization was refused", "abc",
                                      "eyJust a word", "tokens: 3", "cookie jar", R"({"tokens": 5})"}) {
    EXPECT_EQ(mask.mask(text), text);
  }
}

TEST(Masking, TwiceChangesNothingMore) {
  masking mask;
  mask.add("s3cret-value");
  for (const std::string_view text : {"Authorization: Bearer s3cret-value", R"({"password":"s3cret-value"})",
                                      "x?token=s3cret-value", "eyJh.s3cret-value.x"}) {
    const auto once = mask.mask(text);
    EXPECT_EQ(mask.mask(once), once);
    EXPECT_EQ(once.find("s3cret"), std::string::npos);
  }
}

TEST(Masking, OneSecretInsideAnother) {
  masking mask;
  mask.add("inner");
  mask.add("the-inner-secret");
  EXPECT_EQ(mask.mask("the-inner-secret"), "***");
}

TEST(Masking, CommandLines) {
  masking mask;
  mask.add("hunter22");
  EXPECT_EQ(
      mask.mask_command({"rollcall", "conform", "-t", "my file.yaml", "--set", "login.secret=abcdef", "--token", "xyz",
                         "--secret-file", "/etc/s", "hunter22", "it's"}),
      "rollcall conform -t 'my file.yaml' --set login.secret=*** --token *** --secret-file /etc/s *** 'it'\\''s'");
}

}  // namespace
}  // namespace record

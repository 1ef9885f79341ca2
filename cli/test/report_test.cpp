// rollcall report from the outside: what it reads, where it writes, and that a mistake is one line and exit code 2.
#include "conformance/selftest/run_program.hpp"
#include "harness/record/result.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace {

using conformance::selftest::program_result;
using conformance::selftest::run_program;
using conformance::selftest::scratch_folder;
using testing::HasSubstr;
using testing::StartsWith;

class report : public testing::Test {
 protected:
  report() {
    for (const std::string name : {"runs/first", "runs/second"}) {
      record::result result;
      result.kind = "conform";
      result.suite = "gate";
      result.verdict = record::run_verdict::passed;
      result.exit_code = 0;
      result.target = {"shop-chat", "1", "127.0.0.1:1"};
      result.requirements.resize(1);
      result.requirements[0].id = "RT-01";
      result.requirements[0].verdict = record::requirement_verdict::pass;
      std::filesystem::create_directories(in(name));
      std::ofstream(in(name + "/result.json")) << record::to_json(result);
    }
    std::filesystem::create_directories(in("runs/empty"));
    std::filesystem::create_directories(in("runs/broken"));
    std::ofstream(in("runs/broken/result.json")) << "{";
  }

  std::string in(const std::string& name) const { return folder_.path() + "/" + name; }
  program_result of(std::vector<std::string> words) const {
    std::vector<std::string> all{"/usr/bin/env", "-C", folder_.path(), std::string(ROLLCALL_BIN) + "/rollcall",
                                 "report"};
    all.insert(all.end(), words.begin(), words.end());
    return run_program(all);
  }
  std::string text(const std::string& name) const {
    std::ifstream file(in(name));
    return {std::istreambuf_iterator<char>(file), {}};
  }

 private:
  scratch_folder folder_;
};

TEST_F(report, one_text_goes_to_standard_output) {
  EXPECT_THAT(of({"runs/first", "--format", "markdown"}).out, StartsWith("# Rollcall report\n\n## PASS: conform gate"));
  EXPECT_THAT(of({"--format", "junit", "runs/first"}).out, StartsWith("<?xml"));
  EXPECT_EQ(of({"runs/first", "runs/second", "--format", "line"}).out,
            "PASS  conform gate  shop-chat@1 127.0.0.1:1  1 passed  0 s\n"
            "PASS  conform gate  shop-chat@1 127.0.0.1:1  1 passed  0 s\n");
}

TEST_F(report, files_go_where_they_are_sent) {
  EXPECT_EQ(of({"runs/first", "--format", "markdown,junit"}).out, "runs/first/report.md\nruns/first/report.xml\n");
  EXPECT_THAT(text("runs/first/report.xml"), StartsWith("<?xml"));
  EXPECT_EQ(of({"runs/first", "--format", "junit", "-o", "ci.xml"}).out, "ci.xml\n");
  EXPECT_EQ(text("ci.xml"), text("runs/first/report.xml"));
  EXPECT_EQ(of({"runs/first", "--format", "junit", "-o", "new/"}).out, "new/report.xml\n");
}

TEST_F(report, the_page_lies_beside_the_run_or_the_build_says_that_it_has_none) {
  std::filesystem::create_directory_symlink("first", in("runs/latest"));
  const auto said = of({});
  EXPECT_EQ(said.code, 0) << said.err;
  if (said.err.empty()) {
    EXPECT_EQ(said.out, "runs/first/report.html\n");
    EXPECT_THAT(text("runs/first/report.html"), StartsWith("<!doctype html>"));
    EXPECT_THAT(of({"runs/first", "-o", "-"}).out, StartsWith("<!doctype html>"));
  } else {
    EXPECT_THAT(said.err, HasSubstr("this build has no HTML page"));
    EXPECT_EQ(said.out, "runs/first/report.md\n");
    EXPECT_EQ(of({"--format", "html"}).code, 2);
  }
}

TEST_F(report, a_mistake_is_one_line_and_code_2) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> mistakes{
      {{}, "no runs/latest here"},
      {{"nowhere"}, "there is no folder nowhere"},
      {{"runs/empty"}, "runs/empty has no result.json"},
      {{"runs/broken"}, "runs/broken/result.json: not JSON"},
      {{"runs/first", "--format", "pdf"}, "pdf"},
      {{"runs/first", "--format", "line,junit", "-o", "-"}, "takes one format"},
      {{"runs/first", "--format", "line", "-o", "nowhere/x"}, "nowhere/x cannot be written"},
  };
  for (const auto& [words, says] : mistakes) {
    const auto said = of(words);
    EXPECT_EQ(said.code, 2) << says;
    EXPECT_EQ(said.out, "") << says;
    EXPECT_EQ(std::ranges::count(said.err, '\n'), 1) << said.err;
    EXPECT_THAT(said.err, HasSubstr(says));
  }
}

}  // namespace

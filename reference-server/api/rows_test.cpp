// Between the database's values and ours: arrays, times, the batch's statements and the resources shown.
#include "reference-server/api/rows.hpp"

#include "reference-server/api/array_text.hpp"
#include "reference-server/api/batch_statements.hpp"
#include "reference-server/api/chat_json.hpp"
#include "reference-server/api/sql.hpp"
#include "reference-server/http/response.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

namespace api {
namespace {

TEST(ArrayText, QuotesWhatNeedsIt) {
  text_array texts;
  texts.add("");
  texts.add("NULL");
  texts.add_null();
  texts.add("a\"b\\c,{}");
  EXPECT_EQ(texts.take(), R"({"","NULL",NULL,"a\"b\\c,{}"})");
  number_array numbers;
  EXPECT_EQ(number_array().take(), "{}");
  numbers.add(1);
  numbers.add(-9007199254740991);
  EXPECT_EQ(numbers.take(), "{1,-9007199254740991}");
}

TEST(ArrayText, ReadsNumbers) {
  EXPECT_EQ(parse_number_array("{}"), std::vector<std::int64_t>{});
  EXPECT_EQ(parse_number_array(""), std::vector<std::int64_t>{});
  EXPECT_EQ(parse_number_array("{12,3,9007199254740991}"), (std::vector<std::int64_t>{12, 3, 9007199254740991}));
}

constexpr time_point day = std::chrono::sys_days(std::chrono::year(2026) / 11 / 24);
using std::chrono::microseconds;

TEST(Rows, ReadsTheBinaryForm) {
  char number[] = {0, 0x1f, '\xff', '\xff', '\xff', '\xff', '\xff', '\xfe'};
  char below[] = {'\xff', '\xff', '\xff', '\xff', '\xff', '\xff', '\xff', '\xf6'};
  char text[] = "a\"b";
  char column[] = "c";
  std::vector<PGresAttDesc> columns(3, PGresAttDesc{column, 0, 0, 1, 0, -1, -1});
  const result rows{PQmakeEmptyPGresult(nullptr, PGRES_TUPLES_OK)};
  ASSERT_EQ(PQsetResultAttrs(rows.get(), 3, columns.data()), 1);
  ASSERT_EQ(PQsetvalue(rows.get(), 0, 0, number, 8), 1);
  ASSERT_EQ(PQsetvalue(rows.get(), 0, 1, below, 8), 1);
  ASSERT_EQ(PQsetvalue(rows.get(), 0, 2, text, 3), 1);
  EXPECT_EQ(number_at(rows.get(), 0, 0), 9007199254740990);
  EXPECT_EQ(number_at(rows.get(), 0, 1), -10);
  EXPECT_EQ(time_at(rows.get(), 0, 1), std::chrono::sys_days(std::chrono::year(2000) / 1 / 1) - microseconds(10));
  EXPECT_EQ(text_at(rows.get(), 0, 2), "a\"b");
}

TEST(ChatJson, TimesHaveSixDigits) {
  for (const auto& [at, shown] :
       {std::pair(day, "2026-11-24T00:00:00.000000Z"),
        std::pair(day + microseconds(120000), "2026-11-24T00:00:00.120000Z"),
        std::pair(day - microseconds(1), "2026-11-23T23:59:59.999999Z"),
        std::pair(day + std::chrono::hours(5) + microseconds(62'123456), "2026-11-24T05:01:02.123456Z"),
        std::pair(time_point(std::chrono::sys_days(std::chrono::year(1969) / 12 / 31)),
                  "1969-12-31T00:00:00.000000Z")}) {
    std::string out;
    append_time(out, at);
    EXPECT_EQ(out, shown);
  }
}

TEST(ChatJson, Resources) {
  std::string out;
  append_json(out, message{9, 7, "a", "b", "x\"\n\x01é", day + std::chrono::hours(5)});
  EXPECT_EQ(out,
            "{\"id\":9,\"chat_id\":7,\"sender\":\"a\",\"recipient\":\"b\",\"body\":\"x\\\"\\n\\u0001é\","
            "\"created_at\":\"2026-11-24T05:00:00.000000Z\"}");
  out.clear();
  append_json(out, chat{7, "a", "b", day + microseconds(500000)});
  EXPECT_EQ(out, R"({"id":7,"participants":["a","b"],"created_at":"2026-11-24T00:00:00.500000Z"})");
}

// Texts are looked at eight bytes at a time; each byte is tried in each place of them, beside its neighbours of all
// kinds.
TEST(ChatJson, EscapesEachByteInEachPlace) {
  for (std::size_t size = 1; size <= 17; ++size) {
    for (std::size_t place = 0; place < size; ++place) {
      for (int byte = 1; byte < 256; ++byte) {
        for (const char beside : {'x', '"', '\x1f', '\xff'}) {
          std::string text(size, beside);
          text[place] = static_cast<char>(byte);
          std::string shown = "\"";
          for (const char one : text) {
            const std::string plain(1, one);
            const std::string_view named = one == '\n' ? "\\n" : one == '\r' ? "\\r" : one == '\t' ? "\\t" : "";
            char code[8];
            std::snprintf(code, sizeof code, "\\u%04x", static_cast<unsigned char>(one));
            shown += !named.empty()              ? std::string(named)
                     : one == '"' || one == '\\' ? "\\" + plain
                     : one >= 0 && one < ' '     ? std::string(code)
                                                 : plain;
          }
          std::string out;
          http::append_json_string(out, text);
          ASSERT_EQ(out, shown + '"') << size << ' ' << place << ' ' << byte;
        }
      }
    }
  }
}

std::vector<std::string_view> names(const batch_statements& made) {
  std::vector<std::string_view> list;
  for (const statement& one : made.group) {
    list.push_back(one.name);
  }
  return list;
}

TEST(BatchStatements, OnlyWhatIsNeededAndInOrder) {
  batch sent;
  sent.rows.push_back({1, 7, "a", "hi", {}, {}});
  sent.rows.push_back({2, 5, "b", "ho", {}, {}});
  sent.tried = {5, 7};
  batch_statements made = statements_of(sent);
  EXPECT_EQ(names(made), (std::vector<std::string_view>{"unlock_all", "try_locks", "insert_messages"}));
  EXPECT_FALSE(made.wait);
  EXPECT_EQ(made.group[1].parameters, (std::vector<std::string>{"{5,7}", "{}"}));
  EXPECT_EQ(made.group[2].parameters,
            (std::vector<std::string>{"{7,5}", R"({"a","b"})", R"({"hi","ho"})", "{NULL,NULL}"}));

  sent.rows[1].key = "k";
  sent.tried = {7};
  sent.waited = {5};
  made = statements_of(sent);
  EXPECT_EQ(names(made), (std::vector<std::string_view>{"unlock_all", "wait_for_locks", "try_locks", "insert_messages",
                                                        "find_keys"}));
  EXPECT_EQ(made.wait, 1U);
  EXPECT_EQ(made.group[1].parameters, std::vector<std::string>{"{5}"});
  EXPECT_EQ(made.group[2].parameters, (std::vector<std::string>{"{7}", "{5}"}));
  EXPECT_EQ(made.group[4].parameters, (std::vector<std::string>{"{7,5}", R"({"a","b"})", R"({NULL,"k"})"}));
}

}  // namespace
}  // namespace api

// What the doctor finds out about a backend whose file leaves things out or has them otherwise: a little backend that
// keeps its history as the test wants it.
#include "harness/client/doctor/doctor.hpp"
#include "harness/client/target/load.hpp"
#include "harness/client/test/server.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include <algorithm>
#include <memory>
#include <thread>

namespace client::doctor {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

struct manners {
  bool newest_first = false;  // inside of a page
  bool from_the_newest = false;
  std::size_t most = 20;  // on a page
  bool new_chats = false;
  std::string_view text = "exact";  // trimmed, rendered
  int stranger = 403;
  int bad_input = 400;
  std::size_t most_sent = 1000;  // then 429
};

class little_backend {
 public:
  explicit little_backend(manners by) : by_(by) {}

  std::string answer(const std::string& request) {
    const std::string first = request.substr(0, request.find(" HTTP/1.1"));
    if (first.starts_with("GET /ws")) return test::ok("{}", "426 Upgrade Required");
    if (request.find("Bearer eyJ") == std::string::npos) return test::ok("{}", "401 Unauthorized");
    if (first == "POST /chats") return test::ok(fmt::format(R"({{"id":"c{}"}})", by_.new_chats ? ++chats_ : chats_));
    if (first == "GET /chats") return test::ok(R"({"items":[{"id":"c1"}]})");
    if (request.find("X-User: rc-doctor-3") != std::string::npos) return status(by_.stranger);
    return first.starts_with("POST") ? take(request) : page(first);
  }

 private:
  static std::string status(int code) { return test::ok("{}", fmt::format("{} No", code)); }

  std::string take(const std::string& request) {
    boost::system::error_code error;
    const auto body = boost::json::parse(request.substr(request.find("\r\n\r\n") + 4), error);
    const auto* text = body.is_object() ? body.get_object().if_contains("text") : nullptr;
    if (text == nullptr || !text->is_string()) return status(by_.bad_input);
    if (texts_.size() == by_.most_sent) return status(429);
    std::string kept(text->get_string());
    if (by_.text == "trimmed") kept = kept.substr(kept.find_first_not_of(' '), kept.find_last_not_of(' ') + 1);
    if (by_.text == "rendered" && kept.find('<') != std::string::npos) {
      kept = "<p>" +
             fmt::format("{} &lt;b&gt;x&lt;/b&gt; &amp;amp; &quot;y&quot;", kept.substr(2, kept.find(" <b>") - 2)) +
             "</p>";
    }
    texts_.push_back(kept);
    return test::ok(fmt::format(R"({{"id":{}}})", texts_.size()), "201 Created");
  }

  std::string page(const std::string& first) const {
    const auto number = [&](std::string_view name, std::size_t otherwise) {
      const auto at = first.find(name);
      return at == std::string::npos ? otherwise : std::stoul(first.substr(at + name.size()));
    };
    const std::size_t size = std::min(number("limit=", by_.most), by_.most);
    std::size_t begin = number("after=", 0), end = number("before=", texts_.size() + 1) - 1;
    if (by_.from_the_newest) {
      begin = end > size ? end - size : 0;
    } else {
      end = std::min(end, begin + size);
    }
    boost::json::array items;
    for (std::size_t i = begin; i < end; ++i) items.push_back({{"id", i + 1}, {"text", texts_[i]}});
    if (by_.newest_first) std::ranges::reverse(items);
    return test::ok(boost::json::serialize(boost::json::object{{"items", items}}));
  }

  manners by_;
  int chats_ = 1;
  std::vector<std::string> texts_;
};

constexpr const char* described = R"(schema: 1
name: t
base_url: http://127.0.0.1:{0}
socket: {{ url: "ws://127.0.0.1:{0}/ws" }}
login:
  jwt: {{ secret: 0123456789abcdef0123456789abcdef }}
  headers: {{ Authorization: "Bearer ${{token}}", X-User: "${{name}}" }}
patience: 2s
rest:
  create_chat:
    steps: [{{ request: POST /chats, capture: {{ c: /id }} }}]
    id: "${{c}}"
    {1}
  list_chats: {{ request: GET /chats, items: /items, id: /id }}
  send: {{ request: "POST /chats/${{chat.id}}/messages", json: {{ text: "${{text}}" }}, id: /id }}
  history:
    request: GET /chats/${{chat.id}}/messages
    query: {{ {2}: "${{cursor}}", limit: "${{limit}}" }}
    items: /items
    id: /id
    text: /text
    {3}
    pages: {{ style: {2}{4} }}
{5}
)";

struct words {
  std::string create = "", style = "after", history = "", pages = "", rest = "";
  bool reads = true;
};

examination examined(const manners& by, const words& file) {
  asio::io_context io{1};
  const auto backend = std::make_shared<little_backend>(by);
  test::server server(io, test::answering([backend](const std::string& request) { return backend->answer(request); }));
  std::thread serving([&] { io.run(); });
  auto read = parse_target(fmt::format(fmt::runtime(described), server.url().port, file.create, file.style,
                                       file.history, file.pages, file.rest),
                           "t.yaml", {}, [](const std::string&) { return std::nullopt; });
  examination found;
  if (read && !file.reads) read->rest->history.reset();
  if (read) found = examine(*read, {});
  io.stop();
  serving.join();
  EXPECT_TRUE(read) << to_string(read.error());
  return found;
}

std::string failures(const examination& found) {
  std::string out;
  for (const step& each : found.steps) {
    if (each.outcome == outcome::failed) out += fmt::format("{}: {} | {}\n", each.name, each.said, each.why->mend);
  }
  return out;
}

TEST(measuring, of_what_is_left_out_gives_what_to_paste) {
  const auto found = examined({}, {});
  EXPECT_EQ(to_paste(found.measured),
            "rest:\n  create_chat:\n    repeat: same\n  send:\n    expect: 201\n  history:\n    rendering: plain\n"
            "    pages:\n      size: 20\n      direction: newer\n    order: oldest_first\n"
            "errors:\n  stranger: 403\n  no_session: 401\n");
  // The socket is refused, and no rest.
  EXPECT_THAT(failures(found), AllOf(HasSubstr("socket: "), Not(HasSubstr("| {")))) << failures(found);
}

TEST(measuring, agrees_with_a_file_that_says_it) {
  const auto found = examined({.newest_first = true, .from_the_newest = true, .new_chats = true, .text = "rendered"},
                              {.create = "repeat: new",
                               .style = "before",
                               .history = "order: newest_first\n    rendering: html",
                               .pages = ", size: 20, direction: older",
                               .rest = "errors: { no_session: 401, stranger: 403 }"});
  EXPECT_EQ(to_paste(found.measured), "rest:\n  send:\n    expect: 201\n");
}

TEST(measuring, names_each_key_that_says_something_else) {
  const auto found = examined({.newest_first = true, .new_chats = true, .text = "rendered", .stranger = 404},
                              {.create = "repeat: same",
                               .history = "order: oldest_first\n    rendering: plain",
                               .pages = ", size: 30",
                               .rest = "errors: { no_session: 403, stranger: 403, bad_input: 422 }"});
  const std::string said = failures(found);
  EXPECT_THAT(said, HasSubstr("rest: { create_chat: { repeat: new } }"));
  EXPECT_THAT(said, HasSubstr("rest: { history: { order: newest_first } }"));
  EXPECT_THAT(said, HasSubstr("rest: { history: { rendering: html } }"));
  EXPECT_THAT(said, HasSubstr("errors: { no_session: [401, 403] }"));
  EXPECT_THAT(said, HasSubstr("errors: { stranger: [403, 404] }"));
  EXPECT_THAT(said, HasSubstr("errors: { bad_input: [400, 422] }"));
  // A page that is shorter than what was asked for is no mistake; what is measured is told.
  const auto size = std::ranges::find(found.measured, "rest.history.pages.size", &measurement::key);
  ASSERT_NE(size, found.measured.end());
  EXPECT_EQ(size->value, "20");
  EXPECT_TRUE(size->in_file);
  EXPECT_THAT(said, Not(HasSubstr("size:")));
}

TEST(measuring, tells_at_which_end_pages_begin) {
  const auto found = examined({.newest_first = true, .from_the_newest = true},
                              {.style = "before", .history = "order: newest_first", .pages = ", direction: newer"});
  EXPECT_THAT(failures(found), HasSubstr("rest: { history: { pages: { direction: older } } }"));
}

TEST(measuring, tells_texts_that_lose_their_spaces) {
  const auto found = examined({.text = "trimmed"}, {});
  const auto text = std::ranges::find(found.steps, "text", &step::name);
  ASSERT_NE(text, found.steps.end());
  EXPECT_EQ(text->outcome, outcome::good);
  EXPECT_THAT(text->said, HasSubstr("without the spaces at its ends"));
}

// As many as a page takes and some, never more than said; fewer where the server wants its time between two.
TEST(measuring, sends_no_more_messages_than_said) {
  const auto many = examined({.most = 200}, {.pages = ", size: 500"});
  const auto step = std::ranges::find(many.steps, "pages", &step::name);
  ASSERT_NE(step, many.steps.end());
  EXPECT_THAT(step->said, HasSubstr("59 messages sent"));
  EXPECT_THAT(to_paste(many.measured), Not(HasSubstr("size:")));
  const auto slow = examined({}, {.rest = "errors: { rate_limit: 10ms }"});
  EXPECT_THAT(std::ranges::find(slow.steps, "pages", &step::name)->said, HasSubstr("4 messages sent"));
}

TEST(measuring, stops_sending_where_the_server_has_enough) {
  const auto found = examined({.newest_first = true, .most_sent = 10}, {.history = "order: newest_first"});
  const auto step = std::ranges::find(found.steps, "pages", &step::name);
  ASSERT_NE(step, found.steps.end());
  EXPECT_EQ(step->outcome, outcome::good);
  EXPECT_THAT(step->said, AllOf(HasSubstr("newest first"), HasSubstr("8 messages sent for it, then 429")));
}

TEST(measuring, does_without_a_history_that_the_file_does_not_describe) {
  const auto found = examined({}, {.reads = false});
  EXPECT_THAT(failures(found), Not(HasSubstr("history")));
  EXPECT_EQ(std::ranges::find(found.steps, "history", &step::name), found.steps.end());
  EXPECT_EQ(std::ranges::find(found.steps, "stranger", &step::name)->outcome, outcome::good);
}

TEST(measured_values, are_written_as_yaml_takes_them) {
  EXPECT_EQ(to_list({404, 403, 404}), "[403, 404]");
  EXPECT_EQ(to_list({401}), "401");
  EXPECT_EQ(to_word("hello"), "hello");
  EXPECT_EQ(to_word("no"), "\"no\"");
  EXPECT_EQ(to_word("a: \"b"), R"("a: \"b")");
  EXPECT_EQ(sign_of(R"({"event":"ready"})", false), "{ when: { event: ready } }");
  EXPECT_EQ(sign_of(R"({"type":"hi"})", false), "{ when: { pointer: /type, equals: hi } }");
  EXPECT_EQ(sign_of(R"(["welcome",{}])", true), "{ when: { event: welcome } }");
  EXPECT_EQ(sign_of("[1]", true), std::nullopt);
  EXPECT_EQ(sign_of("hello", false), std::nullopt);
}

}  // namespace
}  // namespace client::doctor

// The contract's OpenAPI document and the reference server say the same: every answer of a whole conformance run, and
// of some requests on top, passes a recording proxy and is held to the document, and every answer that the document
// tells of was seen; those that a run cannot reach are asked for of a stack that is broken for it.
#include "conformance/contract/test/recording_proxy.hpp"
#include "conformance/contract/test/talk.hpp"
#include "conformance/selftest/run_program.hpp"
#include "harness/stack/stack.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_to.hpp>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace conformance::contract_test {
namespace {

namespace json = boost::json;
using selftest::run_program;

const std::string document = ROLLCALL_SOURCE "/conformance/contract/openapi.yaml";

// What the document tells of and the cases of a run need not ask for.
void ask_for_the_rest(const std::string& address) {
  const std::string in = talk(address, request("POST /api/v1/login/", "", R"({"user":"contract.alice"})"));
  const std::string token = json::value_to<std::string>(json::parse(body_of(in)).at("token"));
  const std::string alice = "Authorization: Bearer " + token + "\r\n";
  const std::string made = talk(address, request("POST /api/v1/chats/", alice, R"({"participant":"contract.bob"})"));
  const std::string chats = "/api/v1/chats/";
  const std::string one = chats + std::to_string(json::parse(body_of(made)).at("id").as_int64()) + "/";
  const std::string messages = one + "messages/";
  const std::string key = "Idempotency-Key: contract\r\n";
  const std::string stored = talk(address, request("POST " + messages, alice + key, R"({"body":"é😀"})"));
  const std::string message = messages + std::to_string(json::parse(body_of(stored)).at("id").as_int64()) + "/";
  std::vector<std::string> all{
      request("POST " + chats, alice, R"({"participant":"contract.bob"})"),
      request("POST " + messages, alice + key, R"({"body":"é😀"})"),
      request("POST " + messages, alice + key, R"({"body":"other"})"),
      request("POST " + messages, alice, R"({"body":" "})"),
      request("POST " + messages, alice + "Idempotency-Key: a b\r\n", R"({"body":"x"})"),
      request("POST /api/v1/login/", "", R"({"user":"no spaces"})"),
      request("POST " + chats, alice, R"({"participant":7})"),
      request("POST " + chats + "9007199254740991/messages/", alice, R"({"body":"x"})"),
      request("GET " + chats + "9007199254740991/messages/", alice),
      request("GET " + chats + "9007199254740991/", alice),
      request("GET " + messages + "9007199254740991/", alice),
      request("GET " + chats + "?limit=0", alice),
      request("GET " + messages + "?limit=0", alice),
      request("GET " + messages + "?limit=200&after=0", alice),
      request("GET /nowhere", alice),
      request("DELETE " + one, alice),
      request("HEAD " + message, alice),
      "nonsense\r\n\r\n",
      request("GET /" + std::string(9000, 'a')),
  };
  for (const std::string& post : {std::string("/api/v1/login/"), chats, messages}) {
    all.push_back(request("POST " + post, alice, "{"));
    all.push_back(request("POST " + post, alice + "Content-Type: text/plain\r\nContent-Length: 0\r\n"));
    all.push_back(request("POST " + post, alice + "Content-Length: 70000\r\n"));
    all.push_back(request("POST " + post, alice + "Transfer-Encoding: gzip\r\n"));
    all.push_back(request("POST " + post + "?" + std::string(8192, 'a'), alice));
    all.push_back(request("POST " + post, alice + "X: " + std::string(16384, 'a') + "\r\n"));
    all.push_back(request("POST " + post, "", "{}"));
  }
  for (const std::string& get : {chats, one, messages, message}) {
    all.push_back(request("GET " + get, alice));
    all.push_back(request("GET " + get));
    all.push_back(request("GET " + get + "?access_token=other", alice));
    all.push_back(request("GET " + get, alice + "Content-Length: 70000\r\n"));
    all.push_back(request("GET " + get, alice + "Transfer-Encoding: gzip\r\n"));
    all.push_back(request("GET " + get + "?" + std::string(8192, 'a'), alice));
    all.push_back(request("GET " + get, alice + "X: " + std::string(16384, 'a') + "\r\n"));
  }
  for (const std::string& path : {std::string("/api/v1/login/"), chats, one, messages, message}) {
    all.push_back(request("OPTIONS " + path));
  }
  for (const std::string& bytes : all) {
    EXPECT_TRUE(talk(address, bytes).starts_with("HTTP/1.1 ")) << bytes.substr(0, 200);
  }
}

json::value judged(const std::string& folder, const json::object& patch = {}) {
  const auto done = run_program({ROLLCALL_NODE, ROLLCALL_ANSWERS, "answers", document, folder, json::serialize(patch)});
  EXPECT_EQ(done.code, 0) << done.err;
  return json::parse(done.out);
}

std::vector<std::string> texts(const json::value& list) {
  return json::value_to<std::vector<std::string>>(list);
}

TEST(ContractDocument, IsValidOpenApi) {
  const auto done = run_program({ROLLCALL_NODE, ROLLCALL_ANSWERS, "document", document});
  EXPECT_EQ(done.out, "valid\n") << done.err;
}

TEST(ContractDocument, EveryAnswerOfAWholeRunIsAsItSays) {
  stack::options wanted;
  wanted.arguments["api"] = {"--dev-login"};
  const auto started = stack::stack::start(wanted);
  ASSERT_TRUE(started) << started.error().what;
  const stack::stack& running = **started;
  const std::string url = running.base_urls().at(0);
  recording_proxy proxy(url.substr(url.find("//") + 2));
  const selftest::scratch_folder scratch;
  const auto run =
      run_program({ROLLCALL_BIN "/rollcall", "conform", "-t", ROLLCALL_SOURCE "/conformance/targets/reference.yaml",
                   "--set", "base_url=http://" + proxy.address(), "--set", "socket.url=" + running.socket_urls().at(0),
                   "-o", scratch.path() + "/run"},
                  {{"ROLLCALL_SECRET", running.secret()}}, std::chrono::seconds(200));
  EXPECT_EQ(run.code, 0) << run.out << run.err;
  ask_for_the_rest(proxy.address());
  const std::string folder = scratch.path() + "/recorded";
  std::filesystem::create_directory(folder);
  ASSERT_GT(proxy.save(folder), 50U);

  const json::value result = judged(folder);
  EXPECT_THAT(texts(result.at("problems")), testing::IsEmpty());
  EXPECT_GT(result.at("answers").as_int64(), 500) << "less than a run asks for";
  // Everything but these was seen: they are the next test's.
  for (const std::string& name : texts(result.at("unseen"))) {
    EXPECT_THAT(name, testing::AnyOf(testing::EndsWith(" 408"), testing::EndsWith(" 503"), testing::EndsWith(" 504"),
                                     "logIn 404", "loginOptions 404"));
  }

  // The same answers, and a document that leaves something out or asks for more.
  const std::string message = "/components/schemas/Message/";
  const std::string sending = "/paths/~1api~1v1~1chats~1{chat}~1messages~1/post/responses/";
  for (const auto& [pointer, value] : std::vector<std::pair<std::string, json::value>>{
           {message + "properties/recipient", nullptr},
           {message + "required", json::array{"edited_at"}},
           {message + "properties/id", json::object{{"type", "string"}}},
           {sending + "201", nullptr},
           {sending + "201/headers", nullptr},
           {sending + "422", nullptr},
           {"/components/responses/NotFound/content", nullptr},
           {"/components/schemas/NewMessage/required", json::array{"body", "color"}},
           {"/components/parameters/Limit/schema/maximum", 1},
       }) {
    EXPECT_THAT(texts(judged(folder, {{pointer, value}}).at("problems")), testing::Not(testing::IsEmpty())) << pointer;
  }
}

// A client that stops in the middle, a database that is silent and then gone, a server without the login.
TEST(ContractDocument, EveryAnswerThatARunDoesNotReachIsAsItSays) {
  stack::options wanted;
  wanted.api = 2;
  wanted.gateway = 0;
  wanted.arguments["api1"] = {"--dev-login"};
  const auto started = stack::stack::start(wanted);
  ASSERT_TRUE(started) << started.error().what;
  stack::stack& running = **started;
  const auto address_of = [&](std::size_t api) { return running.base_urls().at(api).substr(std::strlen("http://")); };
  recording_proxy proxy(address_of(0));
  recording_proxy without_login(address_of(1));
  const std::string address = proxy.address();

  const std::string in = talk(address, request("POST /api/v1/login/", "", R"({"user":"contract.alice"})"));
  const std::string alice =
      "Authorization: Bearer " + json::value_to<std::string>(json::parse(body_of(in)).at("token")) + "\r\n";
  const std::string chats = "/api/v1/chats/";
  const std::string made = talk(address, request("POST " + chats, alice, R"({"participant":"contract.bob"})"));
  const std::string one = chats + std::to_string(json::parse(body_of(made)).at("id").as_int64()) + "/";
  const std::vector<std::string> gets{chats, one, one + "messages/", one + "messages/1/"};
  const std::vector<std::string> posts{chats, one + "messages/"};

  std::vector<std::thread> slow;  // the server's patience with a body is half a minute
  const auto begin = [&](const std::string& bytes) {
    slow.emplace_back([&address, bytes] { EXPECT_TRUE(talk(address, bytes).starts_with("HTTP/1.1 408 ")) << bytes; });
  };
  begin("GET " + chats + " HTTP/1.1\r\nHost: h\r\n");
  begin(request("POST /api/v1/login/", "Content-Length: 9\r\n"));
  for (const std::string& path : gets) {
    begin(request("GET " + path, alice + "Content-Length: 9\r\n"));
  }
  for (const std::string& path : posts) {
    begin(request("POST " + path, alice + "Content-Length: 9\r\n") + "{");
  }

  const std::string chat = R"({"participant":"contract.carol"})";
  const std::string message = R"({"body":"x"})";
  ASSERT_TRUE(running.pause("postgres"));
  std::thread silent(
      [&] { EXPECT_TRUE(talk(address, request("POST " + posts[0], alice, chat)).starts_with("HTTP/1.1 504 ")); });
  EXPECT_TRUE(talk(address, request("POST " + posts[1], alice, message)).starts_with("HTTP/1.1 504 "));
  silent.join();
  ASSERT_TRUE(running.resume("postgres"));
  ASSERT_TRUE(running.kill("postgres"));
  for (const std::string& path : gets) {
    EXPECT_TRUE(talk(address, request("GET " + path, alice)).starts_with("HTTP/1.1 503 ")) << path;
  }
  EXPECT_TRUE(talk(address, request("POST " + posts[0], alice, chat)).starts_with("HTTP/1.1 503 "));
  EXPECT_TRUE(talk(address, request("POST " + posts[1], alice, message)).starts_with("HTTP/1.1 503 "));
  for (const std::string& method : {std::string("POST"), std::string("OPTIONS")}) {
    EXPECT_TRUE(talk(without_login.address(), request(method + " /api/v1/login/")).starts_with("HTTP/1.1 404 "));
  }
  for (std::thread& each : slow) {
    each.join();
  }

  const selftest::scratch_folder scratch;
  for (const auto& [recorded, name] : {std::pair{&proxy, "/first"}, std::pair{&without_login, "/second"}}) {
    std::filesystem::create_directory(scratch.path() + name);
    recorded->save(scratch.path() + name);
  }
  const std::string folder = scratch.path() + "/first";
  const json::value result = judged(folder);
  const json::value second = judged(scratch.path() + "/second");
  EXPECT_THAT(texts(result.at("problems")), testing::IsEmpty());
  EXPECT_THAT(texts(second.at("problems")), testing::IsEmpty());
  for (const std::string& name : texts(result.at("unseen"))) {
    EXPECT_THAT(name, testing::Not(testing::AnyOf(testing::EndsWith(" 408"), testing::EndsWith(" 503"),
                                                  testing::EndsWith(" 504"))));
  }
  EXPECT_THAT(texts(second.at("unseen")), testing::Not(testing::Contains("logIn 404")));
  EXPECT_THAT(texts(second.at("unseen")), testing::Not(testing::Contains("loginOptions 404")));

  const std::string sending = "/paths/~1api~1v1~1chats~1{chat}~1messages~1/post/responses/";
  for (const auto& [pointer, value] : std::vector<std::pair<std::string, json::value>>{
           {sending + "408", nullptr},
           {sending + "503", nullptr},
           {sending + "504", nullptr},
           {"/components/responses/Unavailable/headers", nullptr},
           {"/components/responses/TooSlow/content", nullptr},
           {"/components/schemas/UnknownOutcome/properties/type/const", "about:blank"},
       }) {
    EXPECT_THAT(texts(judged(folder, {{pointer, value}}).at("problems")), testing::Not(testing::IsEmpty())) << pointer;
  }
}

}  // namespace
}  // namespace conformance::contract_test

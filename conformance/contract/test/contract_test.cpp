// The contract's OpenAPI document and the reference server say the same: every answer of a whole conformance run, and
// of some requests on top, passes a recording proxy and is held to the document, and every answer that the document
// tells of was seen, but for those that need a broken stack.
#include "conformance/contract/test/recording_proxy.hpp"
#include "conformance/selftest/run_program.hpp"
#include "harness/stack/stack.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_to.hpp>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace conformance::contract_test {
namespace {

namespace json = boost::json;
using selftest::run_program;

const std::string document = ROLLCALL_SOURCE "/conformance/contract/openapi.yaml";

// Writes these bytes on a connection of their own and reads to its end.
std::string talk(const std::string& address, const std::string& bytes) {
  boost::asio::io_context io;
  boost::asio::ip::tcp::socket socket(io);
  const auto colon = address.rfind(':');
  socket.connect({boost::asio::ip::make_address(address.substr(0, colon)),
                  static_cast<std::uint16_t>(std::stoi(address.substr(colon + 1)))});
  boost::asio::write(socket, boost::asio::buffer(bytes));
  std::string said;
  char part[4096];
  boost::system::error_code ended;
  while (!ended) {
    said.append(part, socket.read_some(boost::asio::buffer(part), ended));
  }
  return said;
}

std::string request(const std::string& line, const std::string& fields = {}, const std::string& body = {}) {
  return line + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n" + fields +
         (body.empty() ? ""
                       : "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n") +
         "\r\n" + body;
}

// What the document tells of and the cases of a run need not ask for.
void ask_for_the_rest(const std::string& address) {
  const std::string in = talk(address, request("POST /api/v1/login/", "", R"({"user":"contract.alice"})"));
  const std::string token = json::value_to<std::string>(json::parse(in.substr(in.find("\r\n\r\n") + 4)).at("token"));
  const std::string alice = "Authorization: Bearer " + token + "\r\n";
  const std::string made = talk(address, request("POST /api/v1/chats/", alice, R"({"participant":"contract.bob"})"));
  const std::string chats = "/api/v1/chats/";
  const std::string one =
      chats + std::to_string(json::parse(made.substr(made.find("\r\n\r\n") + 4)).at("id").as_int64()) + "/";
  const std::string messages = one + "messages/";
  const std::string key = "Idempotency-Key: contract\r\n";
  const std::string stored = talk(address, request("POST " + messages, alice + key, R"({"body":"é😀"})"));
  const std::string message =
      messages + std::to_string(json::parse(stored.substr(stored.find("\r\n\r\n") + 4)).at("id").as_int64()) + "/";
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
  // Everything but these was seen: 408 needs a slow client, 503 and 504 a broken stack (the server's own tests have
  // them), 404 a server without the login.
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

}  // namespace
}  // namespace conformance::contract_test

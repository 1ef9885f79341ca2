// The contract's AsyncAPI document and the gateway say the same: every frame, packet and refusal of a conformance run's
// sockets, and of a client that asks for all there is, passes a recording proxy and is held to the document; and all
// that the document tells of was seen, but for a slow client's 1013.
#include "conformance/contract/test/recording_proxy.hpp"
#include "conformance/selftest/run_program.hpp"
#include "harness/stack/stack.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_to.hpp>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace conformance::contract_test {
namespace {

namespace json = boost::json;
using selftest::run_program;

const std::string document = ROLLCALL_SOURCE "/conformance/contract/asyncapi.yaml";

json::value judged(const std::string& folder, const json::object& patch = {}) {
  const auto done = run_program({ROLLCALL_NODE, ROLLCALL_FRAMES, "frames", document, folder, json::serialize(patch)});
  EXPECT_EQ(done.code, 0) << done.err;
  return json::parse(done.out);
}

std::vector<std::string> texts(const json::value& list) {
  return json::value_to<std::vector<std::string>>(list);
}

std::string address_of(const std::string& url) {
  const std::string rest = url.substr(url.find("//") + 2);
  return rest.substr(0, rest.find('/'));
}

TEST(SocketDocument, IsValidAsyncApi) {
  const auto done = run_program(
      {ROLLCALL_NODE, ROLLCALL_FRAMES, "document", document, ROLLCALL_SOURCE "/conformance/contract/openapi.yaml"});
  EXPECT_EQ(done.out, "valid\n") << done.err;
}

TEST(SocketDocument, EveryFrameOfAWholeRunIsAsItSays) {
  stack::options wanted;
  wanted.arguments["gateway"] = {"--ping-interval", "1s", "--ping-timeout", "5s", "--origin", "http://chat.test"};
  const auto started = stack::stack::start(wanted);
  ASSERT_TRUE(started) << started.error().what;
  stack::stack& running = **started;
  const std::map<std::string, std::string> secret{{"ROLLCALL_SECRET", running.secret()}};
  recording_proxy proxy(address_of(running.socket_urls().at(0)));
  const selftest::scratch_folder scratch;
  const auto run =
      run_program({ROLLCALL_BIN "/rollcall", "conform", "-t", ROLLCALL_SOURCE "/conformance/targets/reference.yaml",
                   "--set", "base_url=" + running.base_urls().at(0), "--set",
                   "socket.url=ws://" + proxy.address() + "/ws", "-o", scratch.path() + "/run"},
                  secret, std::chrono::seconds(200));
  EXPECT_EQ(run.code, 0) << run.out << run.err;

  const auto client = [&](const std::string& job, const std::vector<std::string>& more = {}) {
    std::vector<std::string> words{ROLLCALL_NODE, ROLLCALL_SOCKETS, job, proxy.address()};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  };
  const auto asked = run_program(client("ask", {address_of(running.base_urls().at(0))}), secret);
  EXPECT_EQ(asked.code, 0) << asked.err;
  {
    selftest::running_program sockets(client("hold", {"loss"}), secret);
    ASSERT_TRUE(sockets.wait_for("ready", std::chrono::seconds(20)));
    ASSERT_TRUE(running.kill("redis"));
    EXPECT_EQ(sockets.finish().code, 0) << "somebody was not told that Redis has gone";
    EXPECT_EQ(run_program(client("without"), secret).code, 0);
    ASSERT_TRUE(running.start("redis"));
  }
  {
    ASSERT_TRUE(running.stop("g1"));
    ASSERT_TRUE(running.start("g1"));
    selftest::running_program sockets(client("hold", {"shutdown"}), secret);
    ASSERT_TRUE(sockets.wait_for("ready", std::chrono::seconds(20)));
    ASSERT_TRUE(running.stop("g1"));
    EXPECT_EQ(sockets.finish().code, 0) << "somebody was not told of the shutdown";
  }
  const std::string folder = scratch.path() + "/recorded";
  std::filesystem::create_directory(folder);
  ASSERT_GT(proxy.save(folder), 50U);

  const json::value result = judged(folder);
  EXPECT_THAT(texts(result.at("problems")), testing::IsEmpty());
  EXPECT_GT(result.at("frames").as_int64(), 300) << "less than a run's sockets get: " << json::serialize(result);
  EXPECT_THAT(texts(result.at("unseen")), testing::UnorderedElementsAre("plain close 1013", "engine close 1013"));

  // The same frames, and a document that leaves something out or asks for more.
  const std::string message = "/components/schemas/Message/";
  for (const auto& [pointer, value] : std::vector<std::pair<std::string, json::value>>{
           {message + "properties/recipient", nullptr},
           {message + "required", json::array{"edited_at"}},
           {"/components/schemas/User/properties/user", nullptr},
           {"/components/schemas/Offer/properties/maxPayload", nullptr},
           {"/components/messages/Ready", nullptr},
           {"/components/messages/Ping", nullptr},
           {"/components/messages/Pong", nullptr},
           {"/components/messages/Nothing/x-text", "7"},
           {"/components/messages/ReadyEvent/x-prefix", "43"},
           {"/channels/plain/x-closes/4401", nullptr},
           {"/channels/engine/x-closes/none", nullptr},
           {"/channels/engine/x-answers/413", nullptr},
           {"/components/schemas/Refusal/properties/code/maximum", 4},
       }) {
    EXPECT_THAT(texts(judged(folder, {{pointer, value}}).at("problems")), testing::Not(testing::IsEmpty())) << pointer;
  }
}

}  // namespace
}  // namespace conformance::contract_test

#include "reference-server/gateway/engine_request.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace gateway {
namespace {

TEST(EngineRequest, ReadsTheQuery) {
  const auto all = read_engine_query("EIO=4&transport=polling&t=abc&sid=g1-x");
  EXPECT_EQ(all.version, "4");
  EXPECT_EQ(all.transport, "polling");
  EXPECT_EQ(all.session, "g1-x");
  const auto none = read_engine_query("");
  EXPECT_EQ(none.session.data(), nullptr);
  EXPECT_EQ(none.transport, "");
  const auto odd = read_engine_query("&&sid=&xtransport=a&transport=b&transport=c&EIO");
  EXPECT_NE(odd.session.data(), nullptr);  // there, and empty: no handshake
  EXPECT_EQ(odd.session, "");
  EXPECT_EQ(odd.transport, "b");
  EXPECT_EQ(odd.version, "");
}

TEST(EngineRequest, RefusesInTheProtocolsWords) {
  const auto unknown = refuse(engine_refusal::unknown_session, "X: y\r\n");
  EXPECT_EQ(unknown.status, 400u);
  EXPECT_EQ(unknown.body, R"({"code":1,"message":"Session ID unknown"})");
  EXPECT_EQ(unknown.headers, "X: y\r\n");
  EXPECT_EQ(refuse(engine_refusal::forbidden).status, 403u);
  EXPECT_EQ(refuse(engine_refusal::bad_version).body, R"({"code":5,"message":"Unsupported protocol version"})");
}

TEST(EngineRequest, TellsPagesOfOtherOriginsWhetherTheyMayRead) {
  http::request asked;
  const std::vector<std::string> none, list{"https://a", "https://b"};
  EXPECT_EQ(allow_origin(asked, none), "");
  asked.fields = {{"Origin", "https://b"}};
  EXPECT_EQ(allow_origin(asked, none), "Access-Control-Allow-Origin: *\r\n");
  EXPECT_EQ(allow_origin(asked, list),
            "Access-Control-Allow-Origin: https://b\r\nAccess-Control-Allow-Credentials: true\r\nVary: Origin\r\n");
  asked.fields = {{"Origin", "https://c"}};
  EXPECT_EQ(allow_origin(asked, list), "");
}

}  // namespace
}  // namespace gateway

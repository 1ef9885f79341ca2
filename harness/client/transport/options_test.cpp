#include "harness/client/transport/options.hpp"

#include <gtest/gtest.h>

#include <map>

namespace client::transport {
namespace {

TEST(TransportOptions, FixedAddresses) {
  const auto v4 = parse_fixed_address("chat.test:443:127.0.0.1");
  ASSERT_TRUE(v4);
  EXPECT_EQ(v4->host, "chat.test");
  EXPECT_EQ(v4->port, 443);
  EXPECT_EQ(v4->address, "127.0.0.1");
  const auto v6 = parse_fixed_address("[::1]:80:[fe80::1]");
  ASSERT_TRUE(v6);
  EXPECT_EQ(v6->host, "::1");
  EXPECT_EQ(v6->address, "fe80::1");
  for (const auto& [text, why] : std::map<std::string, std::string>{{"chat.test", "is not HOST:PORT:ADDRESS"},
                                                                    {"chat.test:443", "is not HOST:PORT:ADDRESS"},
                                                                    {":443:127.0.0.1", "is not HOST:PORT:ADDRESS"},
                                                                    {"a:x:127.0.0.1", "has no valid port"},
                                                                    {"a:0:127.0.0.1", "has no valid port"},
                                                                    {"a:1:b", "has no numeric address"}}) {
    const auto got = parse_fixed_address(text);
    ASSERT_FALSE(got) << text;
    EXPECT_EQ(got.error().clause, why) << text;
  }
}

TEST(TransportOptions, TheProxyOfTheEnvironment) {
  const auto with = [](const std::map<std::string, std::string>& variables) {
    options out;
    const auto read = [&](const std::string& name) {
      const auto found = variables.find(name);
      return found == variables.end() ? std::nullopt : std::optional<std::string>(found->second);
    };
    if (const auto added = add_environment(out, read); !added) out.ca_file = added.error().clause;
    return out;
  };
  const url chat = *parse_url("https://api.chat.test/");
  EXPECT_EQ(proxy_for(with({}), chat), nullptr);
  EXPECT_EQ(proxy_for(with({{"HTTPS_PROXY", ""}}), chat), nullptr);
  for (const char* name : {"HTTPS_PROXY", "https_proxy"}) {
    const auto by = with({{name, "proxy.test:3128"}});
    ASSERT_NE(proxy_for(by, chat), nullptr);
    EXPECT_EQ(proxy_for(by, chat)->authority(), "proxy.test:3128");
    EXPECT_EQ(proxy_for(by, *parse_url("http://api.chat.test/")), nullptr);
    EXPECT_NE(proxy_for(by, *parse_url("wss://api.chat.test/")), nullptr);
    EXPECT_EQ(proxy_for(by, *parse_url("https://127.0.0.1/")), nullptr);
    EXPECT_EQ(proxy_for(by, *parse_url("https://localhost/")), nullptr);
  }
  for (const auto& [no_proxy, goes] : std::map<std::string, bool>{{"*", false},
                                                                  {"chat.test", false},
                                                                  {".chat.test", false},
                                                                  {"other.test, api.chat.test", false},
                                                                  {"at.test", true},
                                                                  {"x.api.chat.test", true}}) {
    const auto by = with({{"HTTPS_PROXY", "http://proxy.test"}, {"NO_PROXY", no_proxy}});
    EXPECT_EQ(proxy_for(by, chat) != nullptr, goes) << no_proxy;
  }
  const auto known = with({{"HTTPS_PROXY", "http://me%40work:p%3Aw@proxy.test:3128/"}});
  EXPECT_EQ(known.proxy_authorization, "Basic bWVAd29yazpwOnc=");  // me@work:p:w
  ASSERT_NE(proxy_for(known, chat), nullptr);
  EXPECT_EQ(proxy_for(known, chat)->text(), "http://proxy.test:3128/");
  EXPECT_EQ(with({{"HTTPS_PROXY", "http://proxy.test/a@b"}}).proxy_authorization, "");
  EXPECT_EQ(with({{"HTTPS_PROXY", "http://me:50%@proxy.test/"}}).ca_file,
            "HTTPS_PROXY has a user or a password that is not percent-encoded");
  EXPECT_EQ(with({{"HTTPS_PROXY", "socks5://p"}}).ca_file, "HTTPS_PROXY has the scheme 'socks5'");
  EXPECT_EQ(with({{"HTTPS_PROXY", "https://p"}}).ca_file, "HTTPS_PROXY has the scheme 'https', not http");
}

TEST(TransportOptions, GoToWorkersAsTheyAre) {
  options whole;
  whole.ca_file = "/a";
  whole.certificate_file = "/b";
  whole.key_file = "/c";
  whole.insecure = true;
  whole.fixed = {{"h", 1, "127.0.0.1"}};
  whole.proxy = *parse_url("http://p:1/");
  whole.proxy_authorization = "Basic eA==";
  whole.no_proxy = {"x", "y"};
  EXPECT_EQ(to_json(options_from_json(to_json(whole))), to_json(whole));
  EXPECT_EQ(to_json(options_from_json("")), to_json(options{}));
  EXPECT_NE(to_json(whole), to_json(options{}));
}

}  // namespace
}  // namespace client::transport

#include "harness/client/target/load.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>

namespace client {
namespace {

using namespace std::chrono_literals;

environment fake_environment(std::map<std::string, std::string> values) {
  return [values = std::move(values)](const std::string& name) -> std::optional<std::string> {
    const auto found = values.find(name);
    if (found == values.end()) return std::nullopt;
    return found->second;
  };
}

const environment env =
    fake_environment({{"SECRET", "0123456789abcdef0123456789abcdef"}, {"HOST", "127.0.0.1"}, {"EMPTY", ""}});

constexpr std::string_view whole = R"(schema: 1
name: shop-chat
version: 4f2c1e9
base_url: [http://127.0.0.1:8080, "http://${env.HOST}:8082/api"]
direct_urls: [http://127.0.0.1:9001]
socket:
  url: ws://127.0.0.1:8081/ws
  kind: websocket
login:
  jwt: { secret: "${env.SECRET}", ttl: 2h }
features: [ordered_ids, receive_only, ordered_ids]
delivery:
  settle: 50ms
  loss_codes: [1012, 1013]
  offline: replay
  echo: true
  to: everyone
  warm_up: 200ms
patience: 20s
allow: { hosts: [staging.example.com], until: 2027-03-31, max_rate: 200/s, max_users: 2000, max_connects: 50/s, max_logins: 30/m, impact: [writes] }
deviations:
  RT-09: "everyone receives"
  ISO-01: "clients filter"
  RT-02[socketio]: twice by design
)";

constexpr std::string_view least = R"(schema: 1
name: c
base_url: http://127.0.0.1:8080
socket: { url: ws://127.0.0.1:8080/ws }
login: { jwt: { secret: abc } }
)";

TEST(LoadTarget, EveryKey) {
  const auto loaded = parse_target(whole, "t.yaml", {}, env);
  ASSERT_TRUE(loaded) << to_string(loaded.error());
  const target& t = *loaded;
  EXPECT_EQ(t.file, "t.yaml");
  EXPECT_EQ(t.name, "shop-chat");
  EXPECT_EQ(t.version, "4f2c1e9");
  ASSERT_EQ(t.base_urls.size(), 2U);
  EXPECT_EQ(t.base_urls[0].text(), "http://127.0.0.1:8080/");
  EXPECT_EQ(t.base_urls[1].text(), "http://127.0.0.1:8082/api");
  EXPECT_EQ(t.direct_urls.at(0).port, 9001);
  EXPECT_EQ(t.socket.urls.at(0).text(), "ws://127.0.0.1:8081/ws");
  EXPECT_EQ(t.login.secret, "0123456789abcdef0123456789abcdef");
  EXPECT_EQ(t.login.secret_variable, "SECRET");
  EXPECT_EQ(t.login.ttl, 2h);
  EXPECT_EQ(t.features, (std::vector<std::string>{"ordered_ids", "receive_only"}));
  EXPECT_TRUE(t.claims("ordered_ids"));
  EXPECT_FALSE(t.claims("idempotency"));
  EXPECT_TRUE(t.claims("echo"));
  EXPECT_TRUE(t.claims("replay"));
  EXPECT_EQ(t.delivery.settle, 50ms);
  EXPECT_EQ(t.delivery.loss_codes, (std::vector<std::uint16_t>{1012, 1013}));
  EXPECT_EQ(t.delivery.offline, offline_policy::replay);
  EXPECT_TRUE(t.delivery.echo);
  EXPECT_TRUE(t.delivery.everyone);
  EXPECT_EQ(t.delivery.warm_up, 200ms);
  EXPECT_EQ(t.patience, 20s);
  ASSERT_TRUE(t.allow);
  EXPECT_EQ(t.allow->hosts, std::vector<std::string>{"staging.example.com"});
  EXPECT_EQ(t.allow->until, std::chrono::year(2027) / 3 / 31);
  EXPECT_EQ(t.allow->max_rate, 200.0);
  EXPECT_EQ(t.allow->max_users, 2000U);
  EXPECT_EQ(t.allow->max_connects, 50.0);
  EXPECT_EQ(t.allow->max_logins, 0.5);
  EXPECT_EQ(t.allow->impacts, std::vector<impact>{impact::writes});
  EXPECT_EQ(t.deviations.at("RT-09"), "everyone receives");
  EXPECT_EQ(t.deviations.at("RT-02[socketio]"), "twice by design");
  EXPECT_EQ(t.title(), "shop-chat@4f2c1e9 127.0.0.1:8080 and 1 more");
}

TEST(LoadTarget, Defaults) {
  const auto loaded = parse_target(least, "t.yaml", {}, env);
  ASSERT_TRUE(loaded) << to_string(loaded.error());
  EXPECT_EQ(loaded->login.ttl, 1h);
  EXPECT_EQ(loaded->login.secret_variable, "ROLLCALL_SECRET");
  EXPECT_EQ(loaded->patience, 10s);
  EXPECT_EQ(loaded->delivery.settle, 0ms);
  EXPECT_EQ(loaded->delivery.offline, offline_policy::discard);
  EXPECT_FALSE(loaded->delivery.everyone);
  EXPECT_EQ(loaded->delivery.warm_up, 0ms);
  EXPECT_FALSE(loaded->claims("echo"));
  EXPECT_FALSE(loaded->claims("replay"));
  EXPECT_FALSE(loaded->allow);
  EXPECT_EQ(loaded->title(), "c 127.0.0.1:8080");
}

TEST(LoadTarget, OverridesReplaceAndAdd) {
  const auto loaded = parse_target(least, "t.yaml",
                                   {"socket.url=[ws://127.0.0.1:1/a, ws://127.0.0.1:2/b]", "delivery.settle=1s",
                                    "deviations.RT-09=a = b", "name=d", "name=e", "login.jwt.secret=${env.SECRET}"},
                                   env);
  ASSERT_TRUE(loaded) << to_string(loaded.error());
  EXPECT_EQ(loaded->socket.urls.size(), 2U);
  EXPECT_EQ(loaded->delivery.settle, 1s);
  EXPECT_EQ(loaded->deviations.at("RT-09"), "a = b");
  EXPECT_EQ(loaded->name, "e");
  EXPECT_EQ(loaded->login.secret_variable, "SECRET");
}

TEST(LoadTarget, AnOverrideMendsTheFile) {
  const std::string broken = std::string(least) + "patience: soon\n";
  EXPECT_FALSE(parse_target(broken, "t.yaml", {}, env));
  EXPECT_TRUE(parse_target(broken, "t.yaml", {"patience=5s"}, env));
}

TEST(ToYaml, HidesSecretsThatStandInTheFile) {
  const auto loaded = parse_target(
      std::string(least) + "users:\n  pattern:\n    columns: { name: \"u${n}\", password: opensesame, pin: 7 }\n",
      "t.yaml",
      {"login={steps: [{request: POST /login, json: {user: \"${name}\", "
       "password: \"${password}\", client_secret: \"hush-${n}\"}, "
       "capture: {token: /data/token}}], headers: {X-Api-Key: abcd, X-A: \"${token}\"}}"},
      env);
  ASSERT_TRUE(loaded) << to_string(loaded.error());
  const std::string written = to_yaml(*loaded);
  for (const char* hidden : {"opensesame", "hush", "abcd"})
    EXPECT_EQ(written.find(hidden), std::string::npos) << written;
  for (const char* shown : {R"("name": "u${n}")", R"("pin": 7)", R"("password": "${password}")", "/data/token"}) {
    EXPECT_NE(written.find(shown), std::string::npos) << shown << "\n" << written;
  }
  const auto again = parse_target(written, "t.yaml", {}, env);
  ASSERT_TRUE(again) << to_string(again.error()) << "\n" << written;
  EXPECT_EQ(to_yaml(*again), written);
}

TEST(ToYaml, SaysTheSameWithoutTheSecret) {
  for (const std::string_view text : {whole, least}) {
    const auto loaded = parse_target(text, "t.yaml", {"name=a-name"}, env);
    ASSERT_TRUE(loaded);
    const std::string written = to_yaml(*loaded);
    EXPECT_EQ(written.find(loaded->login.secret), std::string::npos) << written;
    const auto again =
        parse_target(written, "t.yaml", {},
                     fake_environment({{"SECRET", loaded->login.secret}, {"ROLLCALL_SECRET", loaded->login.secret}}));
    ASSERT_TRUE(again) << to_string(again.error()) << "\n" << written;
    EXPECT_EQ(again->login.secret, loaded->login.secret);
    EXPECT_EQ(to_yaml(*again), written);
    EXPECT_EQ(again->base_urls, loaded->base_urls);
    EXPECT_EQ(again->socket.urls, loaded->socket.urls);
    EXPECT_EQ(again->deviations, loaded->deviations);
    EXPECT_EQ(again->delivery.loss_codes, loaded->delivery.loss_codes);
    EXPECT_EQ(again->delivery.everyone, loaded->delivery.everyone);
    EXPECT_EQ(again->delivery.warm_up, loaded->delivery.warm_up);
    EXPECT_EQ(again->allow.has_value(), loaded->allow.has_value());
  }
}

TEST(LoadTarget, FromAFile) {
  const std::string path = ::testing::TempDir() + "/rollcall-load-test-" + std::to_string(::getpid()) + ".yaml";
  std::ofstream(path) << least;
  const auto loaded = load_target(path, {}, env);
  ASSERT_TRUE(loaded) << to_string(loaded.error());
  EXPECT_EQ(loaded->file, path);
  std::ofstream(path, std::ios::trunc).flush();
  EXPECT_EQ(to_string(load_target(path, {}, env).error()),
            path + ": the file is empty; expected a target: schema, name, base_url, socket, login");
  std::filesystem::remove(path);
}

TEST(LoadTarget, FilesThatCannotBeRead) {
  EXPECT_EQ(to_string(load_target("/no/such.yaml", {}, env).error()),
            "/no/such.yaml: cannot be read: No such file or directory; expected a target file; name one with -t FILE");
  EXPECT_EQ(to_string(load_target("/tmp", {}, env).error()),
            "/tmp: cannot be read: Is a directory; expected a target file; name one with -t FILE");
}

}  // namespace
}  // namespace client

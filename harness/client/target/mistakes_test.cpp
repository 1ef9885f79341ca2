// Mistakes people make in a target file, each with the one line that it must give.
#include "harness/client/target/load.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace client {
namespace {

std::optional<std::string> no_variable(const std::string&) {
  return std::nullopt;
}

struct mistake {
  std::string text;
  std::string line;
  std::vector<std::string> overrides = {};
};

// A file that is right but for one more line (its sixth).
std::string plus(const std::string& sixth) {
  return "schema: 1\nname: c\nbase_url: http://127.0.0.1:8080\nsocket: { url: ws://127.0.0.1:8080/ws }\n"
         "login: { jwt: { secret: abc } }\n" +
         sixth + "\n";
}

const std::string right = plus("");
const std::string keys =
    "schema, name, version, base_url, direct_urls, socket, users, login, rest, errors, cleanup, features, delivery, "
    "patience, allow or deviations";

const std::string socket_keys =
    "url, kind, transports, path, query, headers, protocols, namespace, auth, login_headers, handshake, join, ready, "
    "track, heartbeat, answers, message, mentions or refusal";

const std::vector<mistake>& mistakes() {
  static const std::vector<mistake> all{
      // the document
      {"", "t.yaml: the file is empty; expected a target: schema, name, base_url, socket, login"},
      {"# nothing\n", "t.yaml: the file is empty; expected a target: schema, name, base_url, socket, login"},
      {"hello\n", "t.yaml:1:1: the target file is a single value; expected keys: " + keys},
      {"- a\n- b\n", "t.yaml:1:1: the target file is a list; expected keys: " + keys},
      {"name: [c\n", "t.yaml:2:1: not YAML: end of sequence flow not found"},
      {"schema: 1\n\tname: c\n", "t.yaml:2:1: not YAML: illegal tab when looking for indentation"},
      {right + "---\nschema: 1\n", "t.yaml:7:1: a second document ('---'); expected one document; remove it"},
      {", x\nname: c\n",
       "t.yaml:1:1: not YAML: it goes on after its end; expected one document; look for a comma, a bracket or an "
       "indentation too many"},
      {plus("name: d"), "t.yaml:6:1: key 'name' stands here twice; expected each key once; the first is in line 2"},
      {plus("[a]: b"), "t.yaml:6:1: a key that is not a word; expected text before the colon"},
      // keys
      {plus("base_ulr: x"),
       "t.yaml:6:1: unknown key 'base_ulr' in the target file; expected " + keys + "; did you mean base_url?"},
      {plus("colour: x"), "t.yaml:6:1: unknown key 'colour' in the target file; expected " + keys},
      {plus("delivery: { settel: 1s }"),
       "t.yaml:6:13: unknown key 'settel' in delivery; expected settle, loss_codes, offline, echo, to or warm_up; did "
       "you mean settle?"},
      {"schema: 1\nname: c\nbase_url: http://h\nlogin: { jwt: { secret: abc } }\n",
       "t.yaml:1:1: the target file has no socket; add socket: …"},
      {"name: c\n", "t.yaml:1:1: the target file has no schema; add schema: …"},
      {"schema: 1\nname: c\nbase_url: http://h\nsocket:\n  kind: websocket\n",
       "t.yaml:5:3: socket has no url; add url: …"},
      // values
      {"schema: 2\n", "t.yaml:1:9: schema is '2'; expected 1"},
      {"schema: 1\nname: shop chat\n",
       "t.yaml:2:7: name is 'shop chat'; expected 1 to 64 of letters, digits, '.', '_' and '-'"},
      {"schema: 1\nname:\n", "t.yaml:2:1: name is nothing; expected one value"},
      {"schema: 1\nname: [a]\n", "t.yaml:2:7: name is a list; expected one value"},
      {"schema: 1\nbase_url: 127.0.0.1:8080\n",
       "t.yaml:2:11: base_url '127.0.0.1:8080' is not a URL with scheme and host; expected http://HOST:PORT"},
      {"schema: 1\nbase_url: ws://h\n",
       "t.yaml:2:11: base_url 'ws://h' has the scheme 'ws'; expected http://HOST:PORT"},
      {"schema: 1\nbase_url: http://h/?a=b\n",
       "t.yaml:2:11: base_url 'http://h/?a=b' has a query; expected http://HOST:PORT"},
      {"schema: 1\nbase_url: []\n", "t.yaml:2:11: base_url is an empty list; expected at least one http://HOST:PORT"},
      {"schema: 1\nbase_url:\n  - http://h\n  - http://h:80/\n",
       "t.yaml:4:5: base_url 'http://h:80/' stands here twice; expected each address once"},
      {"schema: 1\nsocket: { url: http://h/ws }\n",
       "t.yaml:2:16: socket.url 'http://h/ws' has the scheme 'http'; expected ws://HOST:PORT"},
      {"schema: 1\nsocket: { kind: websokcet }\n",
       "t.yaml:2:17: socket.kind is 'websokcet'; expected websocket or socketio; did you mean websocket?"},
      {"schema: 1\nlogin: { jwt: { secret: \"${env.NO_SUCH}\" } }\n",
       "t.yaml:2:25: login.jwt.secret needs the environment variable NO_SUCH, which is not set; export NO_SUCH=…"},
      {"schema: 1\nlogin: { jwt: { secret: \"${NO_SUCH}\" } }\n",
       "t.yaml:2:25: '${NO_SUCH}' in login.jwt.secret is no variable; expected ${env.NAME}"},
      {"schema: 1\nlogin: { jwt: { secret: \"${env.X\" } }\n",
       "t.yaml:2:25: login.jwt.secret has '${' without '}'; expected ${env.NAME}"},
      {"schema: 1\nlogin: { jwt: { secret: \"\" } }\n",
       "t.yaml:2:25: login.jwt.secret is empty; expected the secret the target checks with"},
      {"schema: 1\nlogin: { jwt: { secret: a, ttl: 1500ms } }\n",
       "t.yaml:2:33: login.jwt.ttl is not in seconds; expected 1s or more, as in 1h"},
      {"schema: 1\nlogin: secret\n",
       "t.yaml:2:8: login is a single value; expected keys: jwt, steps, id, headers, query, refresh_on, lifetime, "
       "sessions or pace"},
      {plus("features: ordered_ids"), "t.yaml:6:11: features is a single value; expected a list, as in [a, b]"},
      {plus("delivery: { offline: drop }"), "t.yaml:6:22: delivery.offline is 'drop'; expected discard or replay"},
      {plus("delivery: { echo: yes }"), "t.yaml:6:19: delivery.echo is 'yes'; expected false or true"},
      {plus("delivery: { settle: 5 }"),
       "t.yaml:6:21: delivery.settle is '5'; expected a duration like 250ms, 10s, 5m or 1h"},
      {plus("delivery: { loss_codes: [1012, 99] }"),
       "t.yaml:6:32: delivery.loss_codes has '99'; expected close codes from 1000 to 4999"},
      {plus("patience: 0s"), "t.yaml:6:11: patience is 0; expected 10s or so"},
      {plus("allow: { until: 2027-03-31 }"), "t.yaml:6:8: allow has no hosts; add hosts: …"},
      {plus("allow: { hosts: [https://h] }"),
       "t.yaml:6:18: allow.hosts has 'https://h'; expected names of hosts, without scheme, port or *"},
      {plus("allow: { until: 2027-02-30 }"),
       "t.yaml:6:17: allow.until is '2027-02-30'; expected a day like 2027-03-31"},
      {plus("allow: { max_rate: 200 }"),
       "t.yaml:6:20: allow.max_rate is '200'; expected a rate like 200/s, 30/m or 5/h"},
      {plus("allow: { max_users: 0 }"), "t.yaml:6:21: allow.max_users is '0'; expected a number of users, 1 or more"},
      {plus("allow: { impact: [write] }"),
       "t.yaml:6:19: allow.impact is 'write'; expected passive, writes, intrusive or disruptive; did you mean writes?"},
      {plus("deviations: [RT-09]"),
       "t.yaml:6:13: deviations is not a map; expected a requirement and its reason, as in RT-09: \"everyone "
       "receives\""},
      {plus("deviations: { RT09: x }"), "t.yaml:6:15: 'RT09' is no requirement id; expected one like RT-09"},
      {plus("deviations: { RT-09: \"\" }"),
       "t.yaml:6:22: RT-09 has no reason; expected why this target does otherwise by design"},
      // overrides
      {right, "--set: 'patience' sets nothing; expected key=value, as in socket.url=ws://…", {"patience"}},
      {right, "--set: '=1' sets nothing; expected key=value, as in socket.url=ws://…", {"=1"}},
      {right,
       "--set socket.ulr: unknown key 'ulr' in socket; expected " + socket_keys + "; did you mean url?",
       {"socket.ulr=x"}},
      {right, "--set patience: patience is 'soon'; expected a duration like 250ms, 10s, 5m or 1h", {"patience=soon"}},
      {right, "--set patience: patience is nothing; expected one value", {"patience="}},
      {right,
       "--set name.x: there is nothing below the value before 'x'; expected a key that the target file has",
       {"name.x=1"}},
      {right, "--set direct_urls: not YAML: end of sequence flow not found", {"direct_urls=[a"}},
  };
  return all;
}

TEST(Mistakes, EachGivesItsLine) {
  for (const mistake& each : mistakes()) {
    const auto loaded = parse_target(each.text, "t.yaml", each.overrides, no_variable);
    ASSERT_FALSE(loaded) << each.line;
    EXPECT_EQ(to_string(loaded.error()), each.line);
  }
}

TEST(Mistakes, AWrongFeatureNamesTheNearest) {
  const auto loaded = parse_target(plus("features: [after, chat_unique]"), "t.yaml", {}, no_variable);
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().line, 6);
  EXPECT_EQ(loaded.error().column, 19);
  EXPECT_EQ(loaded.error().what, "a feature is 'chat_unique'");
  EXPECT_EQ(loaded.error().mend, "did you mean chat.unique?");
}

TEST(Mistakes, TheFirstInTheFileIsTold) {
  const auto loaded = parse_target("schema: 1\npatience: x\nname: a b\n", "t.yaml", {}, no_variable);
  EXPECT_EQ(loaded.error().line, 2);
}

TEST(Mistakes, WhatAFileHoldsCannotBreakTheLine) {
  const auto loaded = parse_target("schema: 1\nname: \"a\\nb\\e[31m\"\n", "t.yaml", {}, no_variable);
  const std::string line = to_string(loaded.error());
  EXPECT_EQ(line.find('\n'), std::string::npos);
  EXPECT_EQ(line.find('\x1b'), std::string::npos);
}

TEST(Mistakes, HugeAndDeepFilesAreRefused) {
  EXPECT_FALSE(parse_target(std::string(2U << 20U, 'a'), "t.yaml", {}, no_variable));
  std::string deep = "name: ";
  for (int i = 0; i < 200; ++i) deep += '[';
  for (int i = 0; i < 200; ++i) deep += ']';
  const auto loaded = parse_target(deep, "t.yaml", {}, no_variable);
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().what, "too much in one file");
  // An alias is counted as often as it is used: 10^6 values in few bytes.
  std::string laughs = "a: &a [x, x, x, x, x, x, x, x, x, x]\n";
  for (char c = 'b'; c < 'g'; ++c) {
    laughs += std::string(1, c) + ": &" + c + " [";
    for (int i = 0; i < 10; ++i) laughs += (i > 0 ? ", *" : "*") + std::string(1, static_cast<char>(c - 1));
    laughs += "]\n";
  }
  EXPECT_EQ(parse_target(laughs, "t.yaml", {}, no_variable).error().what, "too much in one file");
}

}  // namespace
}  // namespace client

#include "harness/client/target/load.hpp"

#include <gtest/gtest.h>

namespace client {
namespace {

std::optional<std::string> empty_environment(const std::string&) {
  return std::nullopt;
}

std::string target_with(const std::string& socket) {
  return "schema: 1\nname: c\nbase_url: http://127.0.0.1:8080\nlogin: { jwt: { secret: abc } }\nsocket:\n"
         "  url: ws://127.0.0.1:8081/ws\n" +
         socket;
}

TEST(SocketReader, EveryKeyOfARawSocket) {
  const auto loaded = parse_target(target_with(R"(  kind: websocket
  path: /ws/${id}/
  query: { token: "${token}", gone: null }
  headers: { User-Agent: browser, Authorization: null }
  protocols: [chat.v1, "t-${token}"]
  login_headers: false
  handshake:
    - expect: { pointer: /type, equals: hello }
      capture: { sid: { pointer: /sid }, n: /n }
    - send: { type: auth, token: "${token}", sid: "${sid}" }
    - text: ping
  join:
    - send: { type: join, chat: "${chat.id}" }
    - expect: [{ pointer: /type, equals: joined }, { pointer: /chat, equals: "${chat.id}" }]
  ready: { when: [{ event: welcome }, { pointer: /error, present: false }] }
  track: { seq: /seq }
  heartbeat: { every: 25s, send: { op: 1, d: "${seq}" } }
  answers: [{ when: [{ event: ping }], text: pong }]
  message: { when: [{ pointer: /type, equals: message }], items: /data, unwrap: [/payload], id: /id, text: /text, chat: /chat, sender: /from, time: /ts }
  mentions: [{ when: { pointer: /type, equals: conversation } }]
  refusal: { close: [4401, 4403] }
)"),
                                   "t.yaml", {}, empty_environment);
  ASSERT_TRUE(loaded) << to_string(loaded.error());
  const socket_description& s = loaded->socket;
  EXPECT_EQ(s.path->slots().at(0).name, "id");
  ASSERT_EQ(s.query.size(), 1U);
  ASSERT_EQ(s.headers.size(), 2U);
  EXPECT_FALSE(s.headers[1].second);
  EXPECT_EQ(s.protocols.size(), 2U);
  EXPECT_FALSE(s.login_headers);
  ASSERT_EQ(s.handshake.size(), 3U);
  EXPECT_EQ(s.handshake[0].does, socket_step::action::expect);
  EXPECT_EQ(s.handshake[0].takes.at(1).at.text(), "/n");
  EXPECT_EQ(s.handshake[1].does, socket_step::action::send);
  EXPECT_EQ(*s.handshake[2].send.frame.fill({}), "ping");
  EXPECT_EQ(s.join.at(1).expect.size(), 2U);
  EXPECT_EQ(s.ready.is, socket_ready::sign::frame);
  EXPECT_EQ(s.ready.when.at(0).event, "welcome");
  EXPECT_FALSE(s.ready.when.at(1).wanted);
  EXPECT_EQ(s.track.at(0).first, "seq");
  EXPECT_EQ(s.heartbeat->every, std::chrono::seconds(25));
  EXPECT_EQ(s.answers.size(), 1U);
  EXPECT_EQ(s.message->items->text(), "/data");
  EXPECT_EQ(s.message->unwrap.at(0).text(), "/payload");
  EXPECT_EQ(s.message->time->text(), "/ts");
  EXPECT_EQ(s.mentions.at(0).size(), 1U);
  EXPECT_EQ(s.refusal.is, socket_refusal::look::close);
  EXPECT_EQ(s.refusal.codes, (std::vector<std::uint16_t>{4401, 4403}));

  const std::string written = to_yaml(*loaded);
  const auto environment = [](const std::string&) { return std::optional<std::string>("abc"); };
  const auto again = parse_target(written, "t.yaml", {}, environment);
  ASSERT_TRUE(again) << to_string(again.error()) << written;
  EXPECT_EQ(to_yaml(*again), written);
  EXPECT_EQ(again->socket.handshake.size(), 3U);
}

TEST(SocketReader, SocketIo) {
  const auto loaded = parse_target(target_with(R"(  kind: socketio
  transports: [websocket]
  namespace: /chat
  auth: { token: "${token}" }
  handshake:
    - emit: [hello, { name: "${name}" }, 3]
      ack: { pointer: /ok, equals: true, error_first: true, capture: { room: /room } }
  ready: connect
  message: { when: { event: message }, id: /id }
  refusal: silent
)"),
                                   "t.yaml", {}, empty_environment);
  ASSERT_TRUE(loaded) << to_string(loaded.error());
  const socket_description& s = loaded->socket;
  EXPECT_EQ(s.kind, socket_kind::socketio);
  EXPECT_EQ(s.transports, std::vector<socket_transport>{socket_transport::websocket});
  EXPECT_EQ(*s.name_space.fill({}), "/chat");
  EXPECT_TRUE(s.auth);
  EXPECT_TRUE(s.handshake.at(0).send.is_event);
  EXPECT_EQ(s.handshake.at(0).send.arguments.size(), 2U);
  EXPECT_TRUE(s.handshake.at(0).answered->error_first);
  EXPECT_EQ(*s.handshake.at(0).answered->equals->fill({}), "true");
  EXPECT_EQ(s.ready.is, socket_ready::sign::connect);
  EXPECT_FALSE(s.message->text);
  EXPECT_EQ(s.refusal.is, socket_refusal::look::silent);
}

TEST(SocketReader, DefaultsAreTheReferences) {
  const auto loaded = parse_target(target_with(""), "t.yaml", {}, empty_environment);
  ASSERT_TRUE(loaded);
  EXPECT_FALSE(loaded->socket.message);
  EXPECT_EQ(loaded->socket.ready.is, socket_ready::sign::reference);
  EXPECT_EQ(loaded->socket.transports.size(), 2U);
  EXPECT_EQ(*loaded->socket.name_space.fill({}), "/");
}

}  // namespace
}  // namespace client

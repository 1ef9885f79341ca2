#include "harness/client/frames/interpreter.hpp"

#include "harness/client/target/load.hpp"

#include <gtest/gtest.h>

namespace client::frames {
namespace {

class InterpreterTest : public ::testing::Test {
 protected:
  // `socket` is what stands below socket: besides the URL.
  interpreter make(const std::string& socket) {
    const auto loaded = parse_target(
        "schema: 1\nname: c\nbase_url: http://127.0.0.1:8080\nlogin: { jwt: { secret: abc } }\nsocket:\n"
        "  url: ws://127.0.0.1:8081/ws\n" +
            socket,
        "t.yaml", {}, [](const std::string&) { return std::optional<std::string>(); });
    if (!loaded) throw std::runtime_error(to_string(loaded.error()));
    described_ = loaded->socket;
    variables own;
    own.set("name", {"bob", false});
    own.set("token", {"t-1", false});
    return interpreter(described_, std::move(own));
  }
  static std::vector<std::string> texts(const outcome& of) {
    std::vector<std::string> out;
    for (const written& each : of.writes) {
      out.push_back(each.text + (each.ack ? " asks " + std::to_string(*each.ack) : ""));
    }
    return out;
  }
  static joining chat(std::string id) {
    joining out;
    out.chat.set("id", {std::move(id), true});
    return out;
  }

  socket_description described_;
};

using texts_t = std::vector<std::string>;

TEST_F(InterpreterTest, WithoutADescriptionTheFramesAreTheReferences) {
  interpreter raw = make("  kind: websocket\n");
  EXPECT_FALSE(raw.on_open().became_ready);
  EXPECT_TRUE(raw.on_text(R"({"event":"ready","data":{"user":"bob"}})").became_ready);
  EXPECT_FALSE(raw.on_text(R"({"event":"ready","data":{"user":"bob"}})").became_ready);
  const auto got = raw.on_text(R"({"event":"message","data":{"id":12345678901234567890123,"body":"x"}})");
  ASSERT_EQ(got.messages.size(), 1U);
  EXPECT_EQ(got.messages[0].id, "12345678901234567890123");
  EXPECT_TRUE(raw.on_text("noise").messages.empty());
  EXPECT_EQ(raw.on_text(R"({"event":"message","data":{}})").problem, "no member 'id'");

  interpreter events = make("  kind: socketio\n");
  EXPECT_FALSE(events.on_open().became_ready);
  EXPECT_FALSE(events.on_connect().became_ready);
  EXPECT_TRUE(events.on_event(R"(["ready",{"user":"bob"}])").became_ready);
  EXPECT_EQ(events.on_event(R"(["message",{"id":5,"body":"a]}\"","chat_id":9}])").messages.at(0).body, "a]}\"");
  EXPECT_TRUE(events.on_event(R"(["message",{"id":5},2])").messages.empty());
}

TEST_F(InterpreterTest, TheWholeOfARawHandshake) {
  interpreter one = make(R"(  kind: websocket
  handshake:
    - expect: { pointer: /type, equals: hello }
      capture: { sid: { pointer: /sid } }
    - send: { type: auth, token: "${token}", sid: "${sid}" }
    - expect: { pointer: /type, equals: welcome }
  message: { when: { pointer: /type, equals: message }, id: /id }
)");
  EXPECT_TRUE(one.on_open().writes.empty()) << "the server speaks first";
  EXPECT_TRUE(one.on_text(R"({"type":"welcome"})").writes.empty()) << "out of turn";
  const auto hello = one.on_text(R"({"type":"hello","sid":90071992547409931})");
  EXPECT_EQ(texts(hello), texts_t{R"({"type":"auth","token":"t-1","sid":90071992547409931})"});
  EXPECT_FALSE(hello.became_ready);
  EXPECT_TRUE(one.on_text(R"({"type":"welcome"})").became_ready);
}

TEST_F(InterpreterTest, ReadyNeedsItsSignAndAllThatWasToBeSaid) {
  const std::string rest = R"(  kind: websocket
  handshake: [{ send: { type: auth } }, { expect: { pointer: /ok, equals: true } }]
  ready: { when: { pointer: /type, equals: ready } }
  message: { id: /id, when: { pointer: /id, present: true } }
)";
  interpreter sign_first = make(rest);
  EXPECT_EQ(texts(sign_first.on_open()), texts_t{R"({"type":"auth"})"});
  EXPECT_FALSE(sign_first.on_text(R"({"type":"ready"})").became_ready);
  EXPECT_TRUE(sign_first.on_text(R"({"ok":true})").became_ready);
  interpreter both_at_once = make(rest);
  both_at_once.on_open();
  EXPECT_TRUE(both_at_once.on_text(R"({"ok":true,"type":"ready"})").became_ready);
}

TEST_F(InterpreterTest, ChatsAreJoinedOneAfterTheOther) {
  interpreter one = make(R"(  kind: websocket
  join:
    - send: { type: join, chat: "${chat.id}" }
    - expect: [{ pointer: /joined, equals: "${chat.id}" }]
  ready: open
)");
  one.join(chat("7"));
  one.join(chat("8"));
  EXPECT_FALSE(one.joined());
  const auto open = one.on_open();
  EXPECT_EQ(texts(open), texts_t{R"({"type":"join","chat":7})"});
  EXPECT_FALSE(open.became_ready);
  EXPECT_TRUE(one.on_text(R"({"joined":8})").writes.empty()) << "not the one that is awaited";
  const auto next = one.on_text(R"({"joined":7})");
  EXPECT_EQ(texts(next), texts_t{R"({"type":"join","chat":8})"});
  EXPECT_TRUE(next.joined);
  EXPECT_TRUE(one.on_text(R"({"joined":"8"})").became_ready) << "compared as text";
  EXPECT_TRUE(one.joined());
  EXPECT_EQ(texts(one.join(chat("9"))), texts_t{R"({"type":"join","chat":9})"});
  EXPECT_FALSE(one.joined());
  EXPECT_TRUE(one.on_text(R"({"joined":9})").joined);
}

TEST_F(InterpreterTest, EventsAreAcknowledged) {
  const std::string rest = R"(  kind: socketio
  handshake:
    - emit: [hello, { name: "${name}" }, 3]
      ack: { pointer: /ok, equals: true, error_first: true, capture: { room: /room } }
    - emit: [enter, "${room}"]
  ready: connect
)";
  interpreter one = make(rest);
  EXPECT_TRUE(one.on_open().writes.empty()) << "the namespace is not joined yet";
  EXPECT_EQ(texts(one.on_connect()), texts_t{R"(["hello",{"name":"bob"},3] asks 0)"});
  EXPECT_TRUE(one.on_acknowledged(1, "[null]").writes.empty()) << "another's";
  const auto done = one.on_acknowledged(0, R"([null,{"ok":true,"room":"r1"}])");
  EXPECT_EQ(texts(done), texts_t{R"(["enter","r1"])"});
  EXPECT_TRUE(done.became_ready);

  for (const auto& [list, why] : std::vector<std::pair<std::string, std::string>>{
           {R"(["no such user"])", R"(acknowledged with "no such user")"},
           {R"([null,{"ok":false}])", "acknowledged with 'false' at '/ok'"},
           {R"([null])", "an acknowledgement without '/ok'"}}) {
    interpreter other = make(rest);
    other.on_connect();
    const auto refused = other.on_acknowledged(0, list);
    EXPECT_TRUE(refused.refused) << list;
    EXPECT_FALSE(refused.became_ready);
    EXPECT_EQ(refused.problem, why);
  }
}

TEST_F(InterpreterTest, MessagesInManyForms) {
  interpreter wrapped = make(R"(  kind: websocket
  message: { when: { pointer: /payload/type, equals: m }, unwrap: [/payload], items: /payload/list, id: /id, text: /text, chat: /in, sender: /from/id, time: /ts }
)");
  const auto several = wrapped.on_text(
      R"({"payload":"{\"type\":\"m\",\"list\":[{\"id\":1,\"text\":\"a\",\"in\":\"c\",\"from\":{\"id\":2},\"ts\":3.5},{\"id\":\"x\"}]}"})");
  ASSERT_EQ(several.messages.size(), 2U);
  EXPECT_EQ(several.messages[0].id, "1");
  EXPECT_EQ(several.messages[0].body, "a");
  EXPECT_EQ(several.messages[0].chat_id, "c");
  EXPECT_EQ(several.messages[0].sender, "2");
  EXPECT_EQ(several.messages[1].id, "x");
  EXPECT_EQ(several.messages[1].body, "");
  EXPECT_TRUE(wrapped.on_text(R"({"payload":"not JSON"})").messages.empty());
  EXPECT_EQ(wrapped.on_text(R"({"payload":{"type":"m"}})").problem, "no list of messages at '/payload/list'");
  EXPECT_EQ(wrapped.on_text(R"({"payload":{"type":"m","list":[{}]}})").problem, "a message without an id at '/id'");

  interpreter events = make(R"(  kind: socketio
  message: { when: { event: new }, id: /0/id, text: /1 }
  mentions: [{ when: { event: list } }]
)");
  const auto two_arguments = events.on_event(R"(["new",{"id":90071992547409931},"hi"])");
  ASSERT_EQ(two_arguments.messages.size(), 1U);
  EXPECT_EQ(two_arguments.messages[0].id, "90071992547409931");
  EXPECT_EQ(two_arguments.messages[0].body, "hi");
  EXPECT_TRUE(events.on_event(R"(["list",[]])").mention);
  EXPECT_FALSE(events.on_event(R"(["other"])").mention);
}

TEST_F(InterpreterTest, HeartbeatsCarryWhatWasTrackedAndFramesAreAnswered) {
  interpreter one = make(R"(  kind: websocket
  track: { seq: /s }
  heartbeat: { every: 25s, send: { op: 1, d: "${seq}" } }
  answers: [{ when: [{ event: ping }], send: { event: pong, seq: "${seq}" } }]
)");
  EXPECT_EQ(texts(one.on_beat()), texts_t{R"({"op":1,"d":null})"}) << "before any frame";
  one.on_text(R"({"s":41})");
  one.on_text(R"({"x":1})");
  EXPECT_EQ(texts(one.on_beat()), texts_t{R"({"op":1,"d":41})"});
  EXPECT_EQ(texts(one.on_text(R"({"event":"ping","s":42})")), texts_t{R"({"event":"pong","seq":42})"});
}

TEST_F(InterpreterTest, AStepThatCannotBeFilledIsARefusalOfItsOwn) {
  interpreter one = make("  kind: websocket\n  handshake: [{ send: { t: \"${offset}\" } }]\n  ready: open\n");
  const auto open = one.on_open();
  EXPECT_TRUE(open.refused);
  EXPECT_FALSE(open.became_ready);
  EXPECT_EQ(open.problem, "a frame to be written needs ${offset}, which has no value");
}

TEST(Frame, EventsAsRawFrames) {
  EXPECT_EQ(as_raw(R"(["ready"])"), R"({"event":"ready"})");
  EXPECT_EQ(as_raw(R"( [ "a\"]" , {"x":[1]} ] )"), R"({"event":"a\"]","data": {"x":[1]}})");
  for (const char* odd : {"", "[]", "[1]", "{}", R"(["a)", R"(["a"1])"}) EXPECT_EQ(as_raw(odd), "") << odd;
}

}  // namespace
}  // namespace client::frames

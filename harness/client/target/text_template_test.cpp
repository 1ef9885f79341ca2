#include "harness/client/target/text_template.hpp"

#include "harness/client/target/template_reader.hpp"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include <array>

namespace client {
namespace {

std::optional<std::string> with_secret(const std::string& name) {
  if (name == "S") return "a\"b";
  return std::nullopt;
}

const environment template_env = with_secret;

class TemplateTest : public ::testing::Test {
 protected:
  void SetUp() override {
    alice_.set("name", {"alice"});
    alice_.set("number", {"9007199254740993", true});
    alice_.set("odd", {"a/b c?\"\n\x01ü"});
    alice_.set("none", {"null", true});
    bob_.set("name", {"bob"});
    bob_.set("number", {"7", true});
    chat_.set("id", {"x y"});
  }

  scope all() { return {.call = call_, .self = &alice_, .peer = &bob_, .chat = &chat_}; }

  std::string json(const std::string& yaml) {
    auto root = parse_tree(yaml, "t.yaml");
    EXPECT_TRUE(root);
    reader read(template_env);
    const auto made = read_json_template(read, *root, "json");
    if (read.problem()) return to_string(*read.problem());
    auto filled = made.fill(all());
    return filled ? *filled : filled.error().clause;
  }

  std::string text(const std::string& yaml, encoding around = encoding::plain, bool path = false) {
    auto root = parse_tree(yaml, "t.yaml");
    EXPECT_TRUE(root);
    reader read(template_env);
    const auto made =
        path ? read_path_template(read, *root, root->text, "path") : read_template(read, *root, "t", around);
    if (read.problem()) return to_string(*read.problem());
    auto filled = made.fill(all());
    return filled ? *filled : filled.error().clause;
  }

  variables alice_, bob_, chat_;
  std::array<local_variable, 2> call_{{{"text", "hi \"you\""}, {"limit", "50", true}}};
};

TEST_F(TemplateTest, ValuesOfJsonKeepTheirTypes) {
  EXPECT_EQ(json(R"({ a: 1, b: "1", c: true, d: "true", e: null, f: ~, g: 1.5e3, h: 007, i: [], j: {} })"),
            R"({"a":1,"b":"1","c":true,"d":"true","e":null,"f":null,"g":1.5e3,"h":"007","i":[],"j":{}})");
  EXPECT_EQ(json(R"({ to: ["${peer.number}"], me: "${number}", also: "n ${number}", text: "${text}" })"),
            R"({"to":[7],"me":9007199254740993,"also":"n 9007199254740993","text":"hi \"you\""})");
  EXPECT_EQ(json(R"("${number|text}")"), "\"9007199254740993\"");
  EXPECT_EQ(json(R"(["${none}", "${limit}"])"), "[null,50]");
  EXPECT_EQ(json(R"({ a: "${name|number}" })"), R"({"a":alice})");  // as declared: what it is is the file's word
}

TEST_F(TemplateTest, JsonIsNeverPasted) {
  EXPECT_EQ(json(R"({ a: "${odd}" })"), R"({"a":"a/b c?\"\n\u0001ü"})");
  EXPECT_EQ(json(R"({ a: "<${odd}>" })"), R"({"a":"<a/b c?\"\n\u0001ü>"})");
  EXPECT_EQ(json(R"({ "${name}": 1, 'q"': 2 })"), R"({"alice":1,"q\"":2})");
  EXPECT_EQ(json(R"({ a: "${env.S}" })"), R"({"a":"a\"b"})");
}

TEST_F(TemplateTest, TextsPathsAndQueries) {
  EXPECT_EQ(text("a ${name} ${self.name} ${peer.name} ${chat.id} ${text}"), "a alice alice bob x y hi \"you\"");
  EXPECT_EQ(text("/c/${chat.id}/m?x=${odd}&y=1", encoding::plain, true),
            "/c/x%20y/m?x=a%2Fb%20c%3F%22%0A%01%C3%BC&y=1");
  EXPECT_EQ(text("/c/${odd}", encoding::plain, true), "/c/a/b%20c%3F%22%0A%01%C3%BC");
  EXPECT_EQ(text("/c/${odd|url}", encoding::plain, true), "/c/a%2Fb%20c%3F%22%0A%01%C3%BC");
  EXPECT_EQ(text("${chat.id}", encoding::query), "x%20y");
  EXPECT_EQ(text("${name|base64} ${peer.name|base64} ${number|base64|url}"),
            "YWxpY2U= Ym9i OTAwNzE5OTI1NDc0MDk5Mw%3D%3D");
  EXPECT_EQ(text("$${name}$"), "${name}$");
}

TEST_F(TemplateTest, WhatHasNoValueIsNamed) {
  EXPECT_EQ(text("x ${peer.id|url}"), "needs ${peer.id|url}, which has no value");
  EXPECT_EQ(text("x ${none}"), "needs ${none}, which has no value");
  text_template one;
  one.add({.name = "none"});
  EXPECT_EQ(*one.fill_unless_null(all()), std::nullopt);
  one.add_literal("x");
  EXPECT_FALSE(one.fill_unless_null(all()));
}

TEST_F(TemplateTest, Mistakes) {
  EXPECT_EQ(text("${name"),
            "t.yaml:1:1: t has '${' without '}'; expected ${name}, ${self.name}, ${peer.name}, "
            "${chat.id} or ${env.NAME}");
  EXPECT_EQ(text("${pear.name}"),
            "t.yaml:1:1: '${pear.name}' in t is no variable; expected ${name}, ${self.name}, ${peer.name}, ${chat.id} "
            "or ${env.NAME}; did you mean peer?");
  EXPECT_EQ(text("${name|ulr}"),
            "t.yaml:1:1: '${name|ulr}' in t has the filter 'ulr'; expected url, base64, text or number; did you mean "
            "url?");
  EXPECT_EQ(text("${env.NOPE}"), "t.yaml:1:1: t needs the environment variable NOPE, which is not set; export NOPE=…");
}

TEST(JsonPointer, FindsByStepsAndIndexes) {
  const auto value = boost::json::parse(R"({"a":[{"b/c":1},{"~":"x"}],"":0})");
  const auto at = [&](std::string_view text) {
    const auto pointer = json_pointer::parse(text);
    const auto* found = pointer ? pointer->find(value) : nullptr;
    return found == nullptr ? std::string("-") : as_text(*found).value_or("null");
  };
  EXPECT_EQ(at("/a/0/b~1c"), "1");
  EXPECT_EQ(at("/a/1/~0"), "x");
  EXPECT_EQ(at("/"), "0");
  EXPECT_EQ(at("/a/2"), "-");
  EXPECT_EQ(at("/a/x"), "-");
  EXPECT_EQ(at("/a/0/b~1c/d"), "-");
  EXPECT_EQ(json_pointer::parse("a").error().clause, "does not begin with a slash");
  EXPECT_FALSE(json_pointer::parse("/~2"));
  EXPECT_FALSE(json_pointer::parse("/~"));
  EXPECT_TRUE(json_pointer::parse("")->find(value) == &value);
}

}  // namespace
}  // namespace client

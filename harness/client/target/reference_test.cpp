// docs/target-file.md and the JSON Schema are held to the reader: every example is read, every key has one, and the
// schema has the reader's keys and no others.
#include "harness/client/target/reader.hpp"
#include "harness/client/target/sections.hpp"
#include "harness/client/target/tree.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/json/parse.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace client {
namespace {

using keys = std::map<std::string, std::set<std::string>>;

std::string file(const std::string& name) {
  std::ifstream in(std::string(ROLLCALL_SOURCE) + "/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// What stands between ```yaml and ``` in the page.
std::vector<std::string> examples() {
  std::vector<std::string> out;
  const std::string page = file("docs/target-file.md");
  constexpr std::string_view begin = "\n```yaml\n";
  for (auto at = page.find(begin); at != std::string::npos; at = page.find(begin, at)) {
    at += begin.size();
    out.push_back(page.substr(at, page.find("\n```\n", at) + 1 - at));
  }
  return out;
}

// Blocks that are the same wherever they stand.
std::string block(const std::string& where) {
  static const std::set<std::string> steps{"login.steps", "users.register", "rest.create_chat.steps", "cleanup"};
  if (steps.contains(where)) return "step";
  if (where == "socket.handshake" || where == "socket.join") return "socket_step";
  if (where == "socket.handshake.ack" || where == "socket.join.ack") return "ack";
  if (where.ends_with(".pages")) return "pages";
  if (where.ends_with(".pages.next")) return "pages.next";
  if (where.ends_with(".only")) return "only";
  const bool of_socket = where.starts_with("socket.");
  if (of_socket && (where.ends_with(".when") || where.ends_with(".expect"))) return "condition";
  if (where.find(".capture.") != std::string::npos) return of_socket ? "frame_capture" : "capture";
  return where;
}

keys merged(const keys& from) {
  keys out;
  for (const auto& [where, names] : from) out[block(where)].insert(names.begin(), names.end());
  return out;
}

std::optional<std::string> any_value(const std::string&) {
  return "value";
}

// The folder in which the files are that examples name.
std::string files_of_the_examples() {
  const std::string folder = ::testing::TempDir() + "/rollcall-examples-" + std::to_string(::getpid());
  std::filesystem::create_directories(folder + "/fixtures");
  std::ofstream(folder + "/fixtures/users.csv") << "name,password\nann,a\nben,b\n";
  std::ofstream(folder + "/fixtures/key.pem") << "-----BEGIN PRIVATE KEY-----\n";
  return folder;
}

// The keys that the examples show, and those that there are.
reader::vocabulary read_examples() {
  reader::vocabulary all;
  const auto shown = examples();
  EXPECT_GE(shown.size(), 12U);
  const environment env = any_value;
  const std::string folder = files_of_the_examples();
  const std::string beside = folder + "/t.yaml";
  for (const std::string& example : shown) {
    auto root = parse_tree(shown.front(), beside);
    auto part = parse_tree(example, beside);
    if (!root || !part) {
      ADD_FAILURE() << (part ? "" : to_string(part.error())) << example;
      continue;
    }
    for (const tree::entry& each : part->entries) {
      std::erase_if(root->entries, [&](const tree::entry& known) { return known.key == each.key; });
      root->entries.push_back(each);
    }
    // Only what they hold must be there: a login may be shown without the REST whose variables it captures.
    reader read(env);
    read.note_keys(all);
    for (const char* name : {"token", "user_id", "seq"}) read.sets(name);
    target out;
    read_target(read, *root, out);
    EXPECT_FALSE(read.problem()) << to_string(*read.problem()) << "\n" << example;
  }
  std::filesystem::remove_all(folder);
  return all;
}

// A key that several blocks have is shown when one of them shows it.
bool is_shown(const keys& shown, const std::string& where, const std::string& name) {
  static const std::vector<std::set<std::string>> families{{"step", "rest.send", "rest.list_chats", "rest.history"},
                                                           {"socket_step", "socket.heartbeat", "socket.answers"}};
  const auto shows = [&](const std::string& block_name) {
    return shown.contains(block_name) && shown.at(block_name).contains(name);
  };
  return shows(where) || std::any_of(families.begin(), families.end(), [&](const auto& family) {
           return family.contains(where) && std::any_of(family.begin(), family.end(), shows);
         });
}

TEST(Reference, EveryExampleIsReadAndEveryKeyHasOne) {
  const auto all = read_examples();
  const keys shown = merged(all.used);
  for (const auto& [where, names] : merged(all.known)) {
    for (const std::string& name : names) {
      EXPECT_TRUE(is_shown(shown, where, name)) << where << ": " << name;
    }
  }
}

void collect(const boost::json::value& node, keys& out) {
  if (const auto* list = node.if_array()) {
    for (const auto& each : *list) collect(each, out);
  }
  const auto* object = node.if_object();
  if (object == nullptr) return;
  const auto* title = object->if_contains("title");
  const auto* properties = object->if_contains("properties");
  if (title != nullptr && title->is_string() && properties != nullptr) {
    for (const auto& each : properties->as_object()) {
      out[std::string(title->as_string().c_str())].insert(std::string(each.key()));
    }
  }
  for (const auto& each : *object) collect(each.value(), out);
}

TEST(Reference, TheSchemaHasTheKeysOfTheReader) {
  keys schema;
  collect(boost::json::parse(file("harness/client/target/schema/target.json")), schema);
  const keys known = merged(read_examples().known);
  for (const auto& [where, names] : known) EXPECT_EQ(schema[where], names) << where;
  for (const auto& [where, names] : schema) EXPECT_TRUE(known.contains(where)) << where;
}

}  // namespace
}  // namespace client

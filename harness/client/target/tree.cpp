#include "harness/client/target/tree.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <exception>
#include <optional>
#include <sstream>

namespace client {

namespace {

constexpr std::size_t most_bytes = 1U << 20U;
constexpr int most_levels = 32;
constexpr int most_nodes = 10'000;

class converter {
 public:
  explicit converter(std::string file) : file_(std::move(file)) {}

  tree convert(const YAML::Node& node, int level) {
    tree out;
    out.at = place_of(node.Mark());
    if (++nodes_ > most_nodes || level > most_levels) {
      fail(out.at, "too much in one file", fmt::format("at most {} levels and {} values", most_levels, most_nodes), "");
      return out;
    }
    if (node.IsScalar()) {
      out.kind = tree::kind::scalar;
      out.text = node.Scalar();
      out.quoted = node.Tag() == "!";
    } else if (node.IsSequence()) {
      out.kind = tree::kind::list;
      for (const auto& item : node) {
        out.items.push_back(convert(item, level + 1));
        if (problem_) break;
      }
    } else if (node.IsMap()) {
      out.kind = tree::kind::map;
      for (const auto& pair : node) {
        add(out, pair.first, pair.second, level);
        if (problem_) break;
      }
    }
    return out;
  }

  const std::optional<problem>& failed() const { return problem_; }

 private:
  void add(tree& map, const YAML::Node& key, const YAML::Node& value, int level) {
    const place at = place_of(key.Mark());
    if (!key.IsScalar()) return fail(at, "a key that is not a word", "text before the colon", "");
    const auto same = [&](const tree::entry& entry) { return entry.key == key.Scalar(); };
    if (const auto first = std::find_if(map.entries.begin(), map.entries.end(), same); first != map.entries.end()) {
      return fail(at, fmt::format("key '{}' stands here twice", key.Scalar()), "each key once",
                  first->at.line > 0 ? fmt::format("the first is in line {}", first->at.line) : "");
    }
    map.entries.push_back({key.Scalar(), at, convert(value, level + 1)});
    // An empty value has no place of its own: it is where its key is.
    tree& added = map.entries.back().value;
    if (added.kind == tree::kind::nothing) added.at = at;
  }

  void fail(const place& at, std::string what, std::string expected, std::string mend) {
    if (problem_) return;
    problem_ = problem{at.file, at.line, at.column, std::move(what), std::move(expected), std::move(mend)};
  }

  place place_of(const YAML::Mark& mark) const {
    if (mark.is_null()) return {file_, 0, 0};
    return {file_, mark.line + 1, mark.column + 1};
  }

  std::string file_;
  int nodes_ = 0;
  std::optional<problem> problem_;
};

// Where a document starts, and nothing of what is in it.
class document_start : public YAML::EventHandler {
 public:
  YAML::Mark mark;

  void OnDocumentStart(const YAML::Mark& at) override { mark = at; }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t, const std::string&) override {}
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
  void OnMapEnd() override {}
};

// Whether `text` goes on after its first document. Not YAML::LoadAll: it never ends where a document starts with a
// comma or a closing bracket (yaml-cpp 0.7).
std::optional<problem> second_document(std::string_view text, const std::string& file) {
  std::istringstream in{std::string(text)};
  YAML::Parser parser(in);
  document_start each;
  if (!parser.HandleNextDocument(each) || !parser.HandleNextDocument(each)) return std::nullopt;
  const auto at = static_cast<std::size_t>(std::max(each.mark.pos, 0));
  const bool is_marked = at < text.size() && text.substr(at).starts_with("---");
  return problem{file,
                 each.mark.line + 1,
                 each.mark.column + 1,
                 is_marked ? "a second document ('---')" : "not YAML: it goes on after its end",
                 "one document",
                 is_marked ? "remove it" : "look for a comma, a bracket or an indentation too many"};
}

void forget_lines(tree& node) {
  node.at.line = node.at.column = 0;
  for (tree& item : node.items) forget_lines(item);
  for (tree::entry& entry : node.entries) {
    entry.at.line = entry.at.column = 0;
    forget_lines(entry.value);
  }
}

}  // namespace

result<tree> parse_tree(std::string_view text, const std::string& file) {
  if (text.size() > most_bytes) return problem{file, 0, 0, "the file is over 1 MiB", "a target file", ""};
  try {
    const YAML::Node document = YAML::Load(std::string(text));
    if (const auto more = second_document(text, file)) return *more;
    converter walk(file);
    tree root = walk.convert(document, 0);
    if (walk.failed()) return *walk.failed();
    return root;
  } catch (const YAML::Exception& error) {
    const bool known = !error.mark.is_null();
    return problem{
        file, known ? error.mark.line + 1 : 0, known ? error.mark.column + 1 : 0, "not YAML: " + error.msg, "", ""};
  } catch (const std::exception& error) {
    return problem{file, 0, 0, fmt::format("not YAML: {}", error.what()), "", ""};
  }
}

result<void> lay_over(tree& root, std::string_view override_text) {
  const auto equals = override_text.find('=');
  const std::string_view keys = override_text.substr(0, equals);
  if (equals == std::string_view::npos || keys.empty() || keys.front() == '.' || keys.back() == '.' ||
      keys.find("..") != std::string_view::npos) {
    return problem{"--set", 0, 0, fmt::format("'{}' sets nothing", override_text), "key=value, as in socket.url=ws://…",
                   ""};
  }
  const std::string origin = fmt::format("--set {}", keys);
  auto value = parse_tree(override_text.substr(equals + 1), origin);
  if (!value) {
    problem broken = value.error();
    broken.line = broken.column = 0;
    return broken;
  }
  forget_lines(*value);

  tree* node = &root;
  for (std::string_view rest = keys; !rest.empty();) {
    const auto dot = rest.find('.');
    const std::string_view key = rest.substr(0, dot);
    rest = dot == std::string_view::npos ? std::string_view{} : rest.substr(dot + 1);
    if (node->kind == tree::kind::nothing) node->kind = tree::kind::map;
    if (node->kind != tree::kind::map) {
      return problem{origin,
                     0,
                     0,
                     fmt::format("there is nothing below the value before '{}'", key),
                     "a key that the target file has",
                     ""};
    }
    const auto same = [&](const tree::entry& entry) { return entry.key == key; };
    auto found = std::find_if(node->entries.begin(), node->entries.end(), same);
    if (found == node->entries.end()) {
      node->entries.push_back(
          {std::string(key), {origin, 0, 0}, {tree::kind::nothing, {origin, 0, 0}, {}, {}, {}, {}}});
      found = std::prev(node->entries.end());
    }
    node = &found->value;
  }
  *node = std::move(*value);
  return {};
}

}  // namespace client

#include "harness/client/target/edit.hpp"

#include "harness/client/target/tree.hpp"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace client {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

// Lines with what ends them.
std::vector<std::string> split_lines(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size() - 1);
    out.emplace_back(text.substr(0, end + 1));
    text.remove_prefix(end + 1);
  }
  return out;
}

std::vector<std::string> split_key(std::string_view key) {
  std::vector<std::string> out;
  for (;;) {
    const auto dot = key.find('.');
    out.emplace_back(key.substr(0, dot));
    if (dot == std::string_view::npos) return out;
    key.remove_prefix(dot + 1);
  }
}

bool same(const tree& a, const tree& b) {
  const auto same_entry = [](const tree::entry& one, const tree::entry& other) {
    return one.key == other.key && same(one.value, other.value);
  };
  return a.kind == b.kind && a.text == b.text && a.quoted == b.quoted && std::ranges::equal(a.items, b.items, same) &&
         std::ranges::equal(a.entries, b.entries, same_entry);
}

checked<std::string> good(std::string text) {
  return checked<std::string>(boost::system::in_place_value, std::move(text));
}

// The text read with the value laid over it is what the new text must read as.
bool differs_by(std::string_view before, std::string_view after, std::string_view key, std::string_view value) {
  auto wanted = parse_tree(before, "");
  const auto got = parse_tree(after, "");
  if (!wanted || !got || !lay_over(*wanted, fmt::format("{}={}", key, value))) return false;
  return same(*wanted, *got);
}

class editor {
 public:
  explicit editor(std::string_view yaml) : lines_(split_lines(yaml)), root_(YAML::Load(std::string(yaml))) {
    const bool windows = !lines_.empty() && lines_.front().ends_with("\r\n");
    line_end_ = windows ? "\r\n" : "\n";
  }

  checked<std::string> put(const std::vector<std::string>& path, std::string_view value) {
    YAML::Node here = root_;
    std::string named;  // so far
    int column = 0;     // of the members of `here`
    for (std::size_t i = 0; i < path.size(); ++i) {
      if (!here.IsMap()) return reason{fmt::format("{} is no section", named.empty() ? "the file" : named)};
      if (here.Style() == YAML::EmitterStyle::Flow || here.size() == 0) {
        return reason{fmt::format("{} stands in flow style, {{ … }}, which is not touched", named)};
      }
      column = here.begin()->first.Mark().column;
      const auto found =
          std::find_if(here.begin(), here.end(), [&](const auto& member) { return member.first.Scalar() == path[i]; });
      const std::vector<std::string> rest(path.begin() + static_cast<std::ptrdiff_t>(i), path.end());
      if (found == here.end()) {
        add(named.empty() ? lines_.size() : end_of(here, column), column, rest, value);
        return good(text());
      }
      named += (named.empty() ? "" : ".") + path[i];
      const YAML::Mark mark = found->first.Mark();
      if (i + 1 == path.size()) return replace(found->second, mark, named, value);
      if (found->second.IsNull()) {
        add(static_cast<std::size_t>(mark.line) + 1, column + 2, {rest.begin() + 1, rest.end()}, value);
        return good(text());
      }
      here.reset(found->second);
    }
    return reason{"no key"};
  }

 private:
  std::string text() const {
    std::string out;
    for (const std::string& line : lines_) out += line;
    return out;
  }

  // The line after the last one of a block: what stands deeper than its members, or is a list of the last of them.
  std::size_t end_of(const YAML::Node& map, int column) const {
    std::size_t last = 0;
    for (const auto& member : map) last = std::max(last, static_cast<std::size_t>(member.first.Mark().line));
    std::size_t end = last + 1;
    for (std::size_t i = end; i < lines_.size(); ++i) {
      const std::string& line = lines_[i];
      const auto indent = line.find_first_not_of(' ');
      const auto first = line.find_first_not_of(" \t\r\n");
      if (first == std::string::npos) continue;
      const bool deeper = indent > static_cast<std::size_t>(column);
      const bool item = indent == static_cast<std::size_t>(column) && line[first] == '-';
      // yaml-cpp takes a comment behind a tab only where it took it before.
      const bool tabbed = line[first] == '#' && line.find('\t') < first;
      if (deeper || item || tabbed) {
        end = i + 1;
      } else if (line[first] != '#') {
        break;
      }
    }
    return end;
  }

  void add(std::size_t before, int column, const std::vector<std::string>& path, std::string_view value) {
    if (before > 0 && !lines_[before - 1].ends_with('\n')) lines_[before - 1] += line_end_;
    std::string added;
    // A new section is not taken for what the comment above it speaks of.
    if (path.size() > 1 && column == 0 && before > 0 && lines_[before - 1].starts_with('#')) added += line_end_;
    for (std::size_t i = 0; i < path.size(); ++i) {
      added += std::string(static_cast<std::size_t>(column) + 2 * i, ' ') + path[i] + ":";
      if (i + 1 == path.size()) added.append(" ").append(value);
      added += line_end_;
    }
    lines_.insert(lines_.begin() + static_cast<std::ptrdiff_t>(before), std::move(added));
  }

  checked<std::string> replace(const YAML::Node& node, const YAML::Mark& key, const std::string& named,
                               std::string_view value) {
    const bool flow = !node.IsScalar() && node.Style() == YAML::EmitterStyle::Flow;
    if (!node.IsScalar() && !flow)
      return reason{fmt::format("{} is laid out over lines, which are not touched", named)};
    std::string& line = lines_[static_cast<std::size_t>(node.Mark().line)];
    const auto from = static_cast<std::size_t>(node.Mark().column);
    const auto length = flow ? length_of_flow(line, from) : length_of_scalar(line, from, node.Scalar());
    if (node.Mark().line != key.line || !length) return reason{fmt::format("{} is written in an unusual way", named)};
    line.replace(from, *length, value);
    return good(text());
  }

  static std::optional<std::size_t> length_of_scalar(std::string_view line, std::size_t from, const std::string& text) {
    for (const std::string& written : {text, "\"" + text + "\"", "'" + text + "'"}) {
      if (!written.empty() && line.substr(from).starts_with(written)) return written.size();
    }
    return std::nullopt;
  }

  // A list or a map that ends in its line.
  static std::optional<std::size_t> length_of_flow(std::string_view line, std::size_t from) {
    int open = 0;
    for (std::size_t i = from; i < line.size(); ++i) {
      if (std::string_view("\"'#&*").find(line[i]) != std::string_view::npos) return std::nullopt;
      open += line[i] == '[' || line[i] == '{' ? 1 : 0;
      open -= line[i] == ']' || line[i] == '}' ? 1 : 0;
      if (open == 0) return i + 1 - from;
    }
    return std::nullopt;
  }

  std::vector<std::string> lines_;
  YAML::Node root_;
  std::string line_end_;
};

}  // namespace

checked<std::string> put_value(std::string_view yaml, std::string_view key, std::string_view value) {
  const bool marked = yaml.starts_with(byte_order_mark);
  const std::string_view text = marked ? yaml.substr(byte_order_mark.size()) : yaml;
  try {
    const auto edited = editor(text).put(split_key(key), value);
    if (!edited) return edited.error();
    if (!differs_by(text, *edited, key, value)) return reason{fmt::format("{} cannot be put in safely", key)};
    return good((marked ? std::string(byte_order_mark) : std::string()) + *edited);
  } catch (const YAML::Exception&) {
    return reason{"the file is not YAML"};
  }
}

}  // namespace client

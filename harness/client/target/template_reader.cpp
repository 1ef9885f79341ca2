#include "harness/client/target/template_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace client {

namespace {

bool is_word(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

constexpr std::string_view notation = "${name}, ${self.name}, ${peer.name}, ${chat.id} or ${env.NAME}";

// "peer.name|url" -> a slot.
std::optional<slot> parse_slot(reader& read, const tree& node, std::string_view inside, std::string_view where) {
  static const std::vector<std::string_view> filters{"url", "base64", "text", "number"};
  slot out;
  std::string_view name = inside.substr(0, inside.find('|'));
  std::string_view rest = inside.substr(name.size());
  while (!rest.empty()) {
    rest.remove_prefix(1);
    const std::string_view word = rest.substr(0, rest.find('|'));
    rest.remove_prefix(word.size());
    const auto found = std::find(filters.begin(), filters.end(), word);
    if (found == filters.end()) {
      read.fail(node.at, fmt::format("'${{{}}}' in {} has the filter '{}'", inside, where, word), enumerate(filters),
                did_you_mean(word, filters));
      return std::nullopt;
    }
    out.filters.push_back(static_cast<filter>(found - filters.begin()));
  }
  if (const auto dot = name.find('.'); dot != std::string_view::npos) {
    static const std::vector<std::string_view> spaces{"self", "peer", "chat", "env"};
    const std::string_view prefix = name.substr(0, dot);
    const auto found = std::find(spaces.begin(), spaces.end(), prefix);
    if (found == spaces.end()) {
      read.fail(node.at, fmt::format("'${{{}}}' in {} is no variable", inside, where), std::string(notation),
                did_you_mean(prefix, spaces));
      return std::nullopt;
    }
    out.from = static_cast<space>(found - spaces.begin() + 1);
    name.remove_prefix(dot + 1);
  }
  if (!is_word(name)) {
    read.fail(node.at, fmt::format("'${{{}}}' in {} is no variable", inside, where), std::string(notation));
    return std::nullopt;
  }
  out.name = name;
  return out;
}

// Takes a text apart; what stands around a place may change with what was read before it.
template <class Around>
text_template compile(reader& read, const tree& node, std::string_view text, std::string_view where, Around around) {
  text_template out;
  const auto literal = [&](std::string_view part) {
    if (around(out, part) != encoding::json_string) return out.add_literal(part);
    std::string escaped;
    append_json_escaped(escaped, part);
    out.add_literal(escaped);
  };
  while (!text.empty()) {
    const auto start = text.find("${");
    if (start == std::string_view::npos) {
      literal(text);
      break;
    }
    if (start > 0 && text[start - 1] == '$') {  // $${ is ${ itself
      literal(text.substr(0, start - 1));
      literal("${");
      text.remove_prefix(start + 2);
      continue;
    }
    literal(text.substr(0, start));
    const auto end = text.find('}', start);
    if (end == std::string_view::npos) {
      read.fail(node.at, fmt::format("{} has '${{' without '}}'", where), std::string(notation));
      return {};
    }
    const std::string_view inside = text.substr(start + 2, end - start - 2);
    text.remove_prefix(end + 1);
    if (inside.starts_with("env.")) {
      // A filter on it is none of its name.
      const std::string_view name = inside.substr(4, inside.substr(4).find('|'));
      const std::string value = read.from_environment(node, inside, name, where);
      if (read.problem()) return {};
      std::string filtered = value;
      if (inside.ends_with("|url")) filtered = percent_encoded(value);
      if (inside.ends_with("|base64")) {
        const std::array<local_variable, 1> local{{{"x", value}}};
        text_template one;
        one.add({.name = "x", .filters = {filter::base64}});
        filtered = *one.fill({.call = local});
      }
      literal(filtered);
      continue;
    }
    auto place = parse_slot(read, node, inside, where);
    if (!place) return {};
    place->around = around(out, "");
    read.uses(node.at, where, *place);
    out.add(std::move(*place));
  }
  return out;
}

// A number in the notation of JSON.
bool is_json_number(std::string_view text) {
  const auto digits = [&] {
    std::size_t n = 0;
    while (n < text.size() && text[n] >= '0' && text[n] <= '9') ++n;
    text.remove_prefix(n);
    return n;
  };
  if (text.starts_with('-')) text.remove_prefix(1);
  const bool zero = text.starts_with('0');
  const std::size_t whole = digits();
  if (whole == 0 || (zero && whole > 1)) return false;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    if (digits() == 0) return false;
  }
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
    if (digits() == 0) return false;
  }
  return text.empty();
}

text_template json_string(reader& read, const tree& node, std::string_view text, std::string_view where) {
  text_template out;
  out.add_literal("\"");
  out.append(
      compile(read, node, text, where, [](const text_template&, std::string_view) { return encoding::json_string; }));
  out.add_literal("\"");
  return out;
}

text_template json_scalar(reader& read, const tree& node, std::string_view where) {
  const std::string_view text = node.text;
  if (!node.quoted && (text == "true" || text == "false" || is_json_number(text))) {
    return text_template(std::string(text));
  }
  const bool one = text.starts_with("${") && text.find('}') == text.size() - 1 && !text.starts_with("${env.");
  if (!one) return json_string(read, node, text, where);
  return compile(read, node, text, where, [](const text_template&, std::string_view) { return encoding::json_value; });
}

}  // namespace

text_template read_template(reader& read, const tree& node, std::string_view where, encoding around) {
  if (read.problem()) return {};
  if (!read.is_scalar(node, where)) return {};
  return compile(read, node, node.text, where, [around](const text_template&, std::string_view) { return around; });
}

text_template read_path_template(reader& read, const tree& node, std::string_view text, std::string_view where) {
  bool in_query = false;
  return compile(read, node, text, where, [&in_query](const text_template&, std::string_view literal) {
    in_query = in_query || literal.find('?') != std::string_view::npos;
    return in_query ? encoding::query : encoding::path;
  });
}

text_template read_json_template(reader& read, const tree& node, std::string_view where) {
  text_template out;
  if (read.problem()) return out;
  std::string_view between;
  switch (node.kind) {
    case tree::kind::nothing:
      return text_template("null");
    case tree::kind::scalar:
      return json_scalar(read, node, where);
    case tree::kind::list:
      out.add_literal("[");
      for (const tree& item : node.items) {
        out.add_literal(between);
        out.append(read_json_template(read, item, where));
        between = ",";
      }
      out.add_literal("]");
      return out;
    case tree::kind::map:
      out.add_literal("{");
      for (const tree::entry& entry : node.entries) {
        out.add_literal(between);
        tree key;
        key.kind = tree::kind::scalar;
        key.at = entry.at;
        out.append(json_string(read, key, entry.key, where));
        out.add_literal(":");
        out.append(read_json_template(read, entry.value, where));
        between = ",";
      }
      out.add_literal("}");
      return out;
  }
  return out;
}

json_pointer read_pointer(reader& read, const tree& node, std::string_view where) {
  const std::string text = read.text(node, where);
  if (read.problem()) return {};
  auto parsed = json_pointer::parse(text);
  if (parsed) return std::move(*parsed);
  read.fail(node.at, fmt::format("{} '{}' {}", where, text, parsed.error().clause),
            "a JSON Pointer like /data/id, or \"\" for the whole", text.starts_with('/') ? "" : "write /" + text);
  return {};
}

}  // namespace client

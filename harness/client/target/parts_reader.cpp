// What several blocks of a target file have in common: captures, maps of templates, lists of numbers.
#include "harness/client/target/sections.hpp"
#include "harness/client/target/template_reader.hpp"
#include "harness/client/target/values.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace client {

namespace {

void read_expression(reader& read, const tree& node, const std::string& where, capture& out) {
  out.text = read.text(node, where);
  if (read.problem()) return;
  out.expression = expression::make(out.text);
  if (!out.expression) {
    read.fail(node.at, fmt::format("{} '{}' is no regular expression", where, out.text),
              "one of ECMAScript with the value in its first group, as in 'csrf\" value=\"([^\"]+)\"'");
  }
}

}  // namespace

captures read_captures(reader& read, const tree& node, const std::string& where, bool from_frame) {
  captures out;
  read.entries(node, where, [&](const tree::entry& entry) {
    capture one;
    one.name = entry.key;
    read.sets(entry.key);
    const std::string here = where + "." + entry.key;
    if (entry.value.kind == tree::kind::scalar) {  // the short form: a pointer
      one.at = read_pointer(read, entry.value, here);
    } else {
      int sources = 0;
      const auto named = [&](capture::source source) {
        return [&, source](const tree& v) {
          ++sources;
          one.from = source;
          one.text = read.text(v, here);
        };
      };
      std::vector<reader::key> keys{{"pointer", [&](const tree& v) {
                                       ++sources;
                                       one.at = read_pointer(read, v, here + ".pointer");
                                     }}};
      if (!from_frame) {
        keys.push_back({"cookie", named(capture::source::cookie)});
        keys.push_back({"header", named(capture::source::header)});
        keys.push_back({"regex", [&](const tree& v) {
                          ++sources;
                          one.from = capture::source::regex;
                          read_expression(read, v, here + ".regex", one);
                        }});
      }
      read.map(entry.value, here, keys);
      if (!read.problem() && sources != 1) {
        read.fail(entry.at, fmt::format("{} is taken from {}", here, sources == 0 ? "nothing" : "several places"),
                  from_frame ? "a pointer" : "one of pointer, cookie, header or regex");
      }
    }
    out.push_back(std::move(one));
  });
  return out;
}

std::vector<std::pair<std::string, std::optional<text_template>>> read_named(reader& read, const tree& node,
                                                                             std::string_view where, encoding around) {
  std::vector<std::pair<std::string, std::optional<text_template>>> out;
  read.entries(node, where, [&](const tree::entry& entry) {
    const std::string here = fmt::format("{}.{}", where, entry.key);
    if (entry.value.kind == tree::kind::nothing) {
      out.emplace_back(entry.key, std::nullopt);
    } else {
      out.emplace_back(entry.key, read_template(read, entry.value, here, around));
    }
  });
  return out;
}

std::vector<int> read_numbers(reader& read, const tree& node, std::string_view where, int least, int most) {
  std::vector<int> out;
  read.list(
      node, where,
      [&](const tree& item) {
        const std::string text = read.text(item, where);
        if (read.problem()) return;
        const auto number = parse_count(text);
        if (!number || *number < static_cast<std::uint64_t>(least) || *number > static_cast<std::uint64_t>(most)) {
          return read.fail(item.at, fmt::format("{} has '{}'", where, text),
                           fmt::format("numbers from {} to {}", least, most));
        }
        out.push_back(static_cast<int>(*number));
      },
      true);
  if (!read.problem() && out.empty()) {
    read.fail(node.at, fmt::format("{} is an empty list", where), fmt::format("numbers from {} to {}", least, most));
  }
  return out;
}

}  // namespace client

// Requests of a target file: the keys of a STEP.
#include "harness/client/target/sections.hpp"
#include "harness/client/target/template_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace client {

namespace {

void read_request(reader& read, const tree& node, const std::string& where, http_step& out) {
  static constexpr std::array methods{"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"};
  if (!read.is_scalar(node, where)) return;
  const std::string_view text = node.text;
  const auto blank = text.find(' ');
  const std::string_view method = text.substr(0, blank);
  const bool known = std::find(methods.begin(), methods.end(), method) != methods.end();
  std::string_view path = blank == std::string_view::npos ? std::string_view{} : text.substr(blank + 1);
  while (path.starts_with(' ')) path.remove_prefix(1);
  if (!known || !(path.starts_with('/') || path.starts_with("${")) || path.find(' ') != std::string_view::npos) {
    return read.fail(node.at, fmt::format("{} is '{}'", where, text),
                     "a method and a path below the base URL, as in POST /api/login",
                     path.starts_with("http") ? "leave out scheme and host" : "");
  }
  out.method = method;
  out.path = read_path_template(read, node, path, where);
}

std::vector<http_step::field> read_fields(reader& read, const tree& node, const std::string& where) {
  std::vector<http_step::field> out;
  read.entries(node, where, [&](const tree::entry& entry) {
    if (entry.value.kind == tree::kind::nothing) return;  // left out
    http_step::field one;
    tree name;
    name.kind = tree::kind::scalar;
    name.at = entry.at;
    name.text = entry.key;
    one.name = read_template(read, name, where, encoding::query);
    one.is_json = entry.value.kind != tree::kind::scalar;
    const std::string here = where + "." + entry.key;
    one.value = one.is_json ? read_json_template(read, entry.value, here)
                            : read_template(read, entry.value, here, encoding::query);
    out.push_back(std::move(one));
  });
  return out;
}

}  // namespace

std::vector<reader::key> step_keys(reader& read, const std::string& where, http_step& out) {
  const auto body = [&read, &out, where](http_step::content content, std::string_view key) {
    return [&read, &out, where, content, key](const tree& v) {
      const std::string here = fmt::format("{}.{}", where, key);
      if (out.has != http_step::content::none) {
        return read.fail(v.at, fmt::format("{} has two bodies", where), "one of json, form or text");
      }
      out.has = content;
      if (content == http_step::content::json) out.body = read_json_template(read, v, here);
      if (content == http_step::content::text) out.body = read_template(read, v, here);
      if (content == http_step::content::form) out.form = read_fields(read, v, here);
    };
  };
  return {
      {"request", [&read, &out, where](const tree& v) { read_request(read, v, where + ".request", out); }, true},
      {"as",
       [&read, &out, where](const tree& v) {
         out.as_peer = read.word(v, where + ".as", {"self", "peer"}) == 1;
       }},
      {"query", [&read, &out, where](const tree& v) { out.query = read_fields(read, v, where + ".query"); }},
      {"headers",
       [&read, &out, where](const tree& v) { out.headers = read_named(read, v, where + ".headers", encoding::plain); }},
      {"json", body(http_step::content::json, "json")},
      {"form", body(http_step::content::form, "form")},
      {"text", body(http_step::content::text, "text")},
      {"expect",
       [&read, &out, where](const tree& v) { out.expect = read_numbers(read, v, where + ".expect", 100, 599); }},
      {"follow_redirects",
       [&read, &out, where](const tree& v) { out.follow_redirects = read.boolean(v, where + ".follow_redirects"); }},
      {"capture",
       [&read, &out, where](const tree& v) { out.takes = read_captures(read, v, where + ".capture", false); }}};
}

http_step read_http_step(reader& read, const tree& node, const std::string& where) {
  http_step out;
  out.at = node.at;
  out.where = where;
  read.map(node, where, step_keys(read, where, out));
  return out;
}

http_steps read_http_steps(reader& read, const tree& node, const std::string& where) {
  http_steps out;
  read.list(node, where, [&](const tree& item) { out.push_back(read_http_step(read, item, where)); });
  if (!read.problem() && out.empty()) {
    read.fail(node.at, fmt::format("{} is an empty list", where), "steps, each with request: METHOD /path");
  }
  return out;
}

}  // namespace client

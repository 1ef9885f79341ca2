#include "harness/client/target/reader.hpp"

#include "harness/client/target/nearest.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace client {

namespace {

std::string_view kind_name(const tree& node) {
  switch (node.kind) {
    case tree::kind::nothing:
      return "nothing";
    case tree::kind::scalar:
      return "a single value";
    case tree::kind::list:
      return "a list";
    case tree::kind::map:
      return "a map of keys";
  }
  return "something else";
}

bool is_variable_name(std::string_view name) {
  if (name.empty() || (name[0] >= '0' && name[0] <= '9')) return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

}  // namespace

std::string enumerate(const std::vector<std::string_view>& words) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) out += i + 1 == words.size() ? " or " : ", ";
    out += words[i];
  }
  return out;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string_view>& known) {
  const std::string_view guess = nearest(word, known);
  return guess.empty() ? std::string() : fmt::format("did you mean {}?", guess);
}

void reader::fail(const place& at, std::string what, std::string expected, std::string mend) {
  if (problem_) return;
  problem_ = client::problem{at.file, at.line, at.column, std::move(what), std::move(expected), std::move(mend)};
}

void reader::map(const tree& node, std::string_view where, const std::vector<key>& keys) {
  if (problem_) return;
  std::vector<std::string_view> names;
  for (const key& k : keys) names.push_back(k.name);
  if (keys_ != nullptr) keys_->known[std::string(where)].insert(names.begin(), names.end());
  if (node.kind != tree::kind::map) {
    return fail(node.at, fmt::format("{} is {}", where, kind_name(node)), "keys: " + enumerate(names));
  }
  for (const tree::entry& entry : node.entries) {
    const auto known = std::find_if(keys.begin(), keys.end(), [&](const key& k) { return k.name == entry.key; });
    if (known == keys.end()) {
      return fail(entry.at, fmt::format("unknown key '{}' in {}", entry.key, where), enumerate(names),
                  did_you_mean(entry.key, names));
    }
    if (keys_ != nullptr) keys_->used[std::string(where)].insert(entry.key);
    known->read(entry.value);
    if (problem_) return;
  }
  for (const key& k : keys) {
    const auto present = [&](const tree::entry& entry) { return entry.key == k.name; };
    if (k.required && std::none_of(node.entries.begin(), node.entries.end(), present)) {
      return fail(node.at, fmt::format("{} has no {}", where, k.name), "", fmt::format("add {}: …", k.name));
    }
  }
}

void reader::entries(const tree& node, std::string_view where, const std::function<void(const tree::entry&)>& read) {
  if (problem_) return;
  if (node.kind != tree::kind::map) {
    return fail(node.at, fmt::format("{} is {}", where, kind_name(node)), "names and their values, as in { a: b }");
  }
  for (const tree::entry& entry : node.entries) {
    read(entry);
    if (problem_) return;
  }
}

void reader::list(const tree& node, std::string_view where, const std::function<void(const tree&)>& read, bool or_one) {
  if (problem_) return;
  if (or_one && node.kind == tree::kind::scalar) return read(node);
  if (node.kind != tree::kind::list) {
    return fail(node.at, fmt::format("{} is {}", where, kind_name(node)),
                or_one ? "a value or a list, as in [a, b]" : "a list, as in [a, b]");
  }
  for (const tree& item : node.items) {
    read(item);
    if (problem_) return;
  }
}

bool reader::is_scalar(const tree& node, std::string_view where) {
  if (problem_) return false;
  if (node.kind == tree::kind::scalar) return true;
  fail(node.at, fmt::format("{} is {}", where, kind_name(node)), "one value");
  return false;
}

std::string reader::from_environment(const tree& node, std::string_view inside, std::string_view name,
                                     std::string_view where) {
  if (!is_variable_name(name)) {
    fail(node.at, fmt::format("'${{{}}}' in {} is no variable", inside, where), "${env.NAME}");
    return {};
  }
  auto value = env_(std::string(name));
  if (value) {
    keep_secret(*value);
    return std::move(*value);
  }
  fail(node.at, fmt::format("{} needs the environment variable {}, which is not set", where, name), "",
       fmt::format("export {}=…", name));
  return {};
}

void reader::uses(const place& at, std::string_view where, const slot& variable) {
  uses_.push_back({at, std::string(where), variable});
}

void reader::sets(std::string_view name) {
  if (std::find(set_.begin(), set_.end(), name) == set_.end()) set_.emplace_back(name);
}

void reader::keep_secret(std::string value) {
  if (!value.empty() && std::find(secrets_.begin(), secrets_.end(), value) == secrets_.end()) {
    secrets_.push_back(std::move(value));
  }
}

std::string reader::text(const tree& node, std::string_view where) {
  if (!is_scalar(node, where)) return {};
  std::string out;
  std::string_view rest = node.text;
  for (;;) {
    const auto start = rest.find("${");
    out += rest.substr(0, start);
    if (start == std::string_view::npos) return out;
    const auto end = rest.find('}', start);
    if (end == std::string_view::npos) {
      fail(node.at, fmt::format("{} has '${{' without '}}'", where), "${env.NAME}");
      return {};
    }
    const std::string_view inside = rest.substr(start + 2, end - start - 2);
    if (!inside.starts_with("env.") || !is_variable_name(inside.substr(4))) {
      fail(node.at, fmt::format("'${{{}}}' in {} is no variable", inside, where), "${env.NAME}");
      return {};
    }
    const auto kept = secrets_.size();
    out += from_environment(node, inside, inside.substr(4), where);
    secrets_.resize(kept);  // an address, a name: to be read by people
    if (problem_) return {};
    rest = rest.substr(end + 1);
  }
}

std::size_t reader::word(const tree& node, std::string_view where, const std::vector<std::string_view>& words) {
  const std::string given = text(node, where);
  if (problem_) return 0;
  const auto found = std::find(words.begin(), words.end(), given);
  if (found == words.end()) {
    fail(node.at, fmt::format("{} is '{}'", where, given), enumerate(words), did_you_mean(given, words));
    return 0;
  }
  return static_cast<std::size_t>(found - words.begin());
}

bool reader::boolean(const tree& node, std::string_view where) {
  return word(node, where, {"false", "true"}) == 1;
}

}  // namespace client

#include "harness/client/doctor/measured.hpp"

#include "harness/client/target/text_template.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <boost/json.hpp>

#include <algorithm>

namespace client::doctor {

namespace {

// Members of one section, which may be sections themselves.
struct section {
  std::string name;
  std::string value;  // of a member that is none
  std::vector<section> members;
};

void put(std::vector<section>& into, std::string_view key, const std::string& value) {
  const std::string_view name = key.substr(0, key.find('.'));
  auto at = std::ranges::find(into, name, &section::name);
  if (at == into.end()) at = into.insert(into.end(), {std::string(name), {}, {}});
  if (name.size() == key.size()) {
    at->value = value;
  } else {
    put(at->members, key.substr(name.size() + 1), value);
  }
}

void write(const std::vector<section>& all, std::size_t depth, std::string& out) {
  for (const section& each : all) {
    out +=
        fmt::format("{}{}:{}{}\n", std::string(2 * depth, ' '), each.name, each.value.empty() ? "" : " ", each.value);
    write(each.members, depth + 1, out);
  }
}

}  // namespace

const tree* find_key(const tree* root, std::string_view key) {
  while (root != nullptr && !key.empty()) {
    const std::string_view name = key.substr(0, key.find('.'));
    key.remove_prefix(std::min(name.size() + 1, key.size()));
    const auto found = std::ranges::find(root->entries, name, &tree::entry::key);
    root = found == root->entries.end() ? nullptr : &found->value;
  }
  return root;
}

std::string to_paste(const std::vector<measurement>& all) {
  std::vector<section> sections;
  for (const measurement& each : all) put(sections, each.key, each.value);
  std::string out;
  write(sections, 0, out);
  return out;
}

std::string to_list(std::vector<int> numbers) {
  std::ranges::sort(numbers);
  numbers.erase(std::ranges::unique(numbers).begin(), numbers.end());
  if (numbers.size() == 1) return std::to_string(numbers.front());
  return fmt::format("[{}]", fmt::join(numbers, ", "));
}

std::optional<std::string> sign_of(std::string_view frame, bool event) {
  boost::system::error_code error;
  const auto value = boost::json::parse(boost::json::string_view(frame.data(), frame.size()), error);
  if (error) return std::nullopt;
  if (event) {
    const auto* list = value.if_array();
    if (list == nullptr || list->empty() || !list->front().is_string()) return std::nullopt;
    return fmt::format("{{ when: {{ event: {} }} }}", to_word(std::string_view(list->front().get_string())));
  }
  const auto* object = value.if_object();
  if (object == nullptr) return std::nullopt;
  for (const std::string_view name : {"event", "type", "op", "kind", "action", "status"}) {
    const auto* word = object->if_contains(boost::json::string_view(name.data(), name.size()));
    if (word == nullptr || !word->is_string()) continue;
    const std::string said = to_word(std::string_view(word->get_string()));
    if (name == "event") return fmt::format("{{ when: {{ event: {} }} }}", said);
    return fmt::format("{{ when: {{ pointer: /{}, equals: {} }} }}", name, said);
  }
  return std::nullopt;
}

std::string to_word(std::string_view text) {
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  constexpr std::string_view others[] = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"};
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
  const bool bare =
      !text.empty() && std::ranges::all_of(text, plain) && std::ranges::find(others, lower) == std::end(others);
  if (bare) return std::string(text);
  std::string quoted = "\"";
  append_json_escaped(quoted, text);
  return quoted + "\"";
}

}  // namespace client::doctor

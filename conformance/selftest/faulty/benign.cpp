#include "conformance/selftest/faulty/benign.hpp"

#include <boost/json.hpp>

#include <utility>
#include <vector>

namespace faulty {
namespace {

namespace json = boost::json;

void change(json::value& value, const Benign& benign) {
  if (auto* array = value.if_array())
    for (auto& each : *array) change(each, benign);
  auto* object = value.if_object();
  if (object == nullptr) return;
  for (auto& member : *object) change(member.value(), benign);
  if (benign.reordered_keys) {
    std::vector<json::key_value_pair> members(object->begin(), object->end());
    object->clear();
    for (auto member = members.rbegin(); member != members.rend(); ++member) object->insert(*member);
  }
  if (benign.extra_fields) (*object)["x_more"] = {{"version", 3}, {"note", "id"}, {"nothing", nullptr}};
}

void indent(std::string& out, const json::value& value, std::size_t depth) {
  const auto* array = value.if_array();
  const auto* object = value.if_object();
  if ((array == nullptr || array->empty()) && (object == nullptr || object->empty())) {
    out += json::serialize(value);
    return;
  }
  const auto line = [&](std::size_t at) { out += '\n' + std::string(2 * at, ' '); };
  out += array != nullptr ? '[' : '{';
  bool first = true;
  const auto begin = [&] {
    if (!std::exchange(first, false)) out += " ,";
    line(depth + 1);
  };
  if (array != nullptr)
    for (const auto& each : *array) {
      begin();
      indent(out, each, depth + 1);
    }
  else
    for (const auto& member : *object) {
      begin();
      out += json::serialize(json::string(member.key())) + " : ";
      indent(out, member.value(), depth + 1);
    }
  line(depth);
  out += array != nullptr ? ']' : '}';
}

}  // namespace

bool enable(Benign& benign, std::string_view name) {
  if (name == "extra_fields")
    benign.extra_fields = true;
  else if (name == "reordered_keys")
    benign.reordered_keys = true;
  else if (name == "pretty_json")
    benign.pretty_json = true;
  else if (name == "slow_answers")
    benign.answer_delay = std::chrono::milliseconds(200);
  else
    return false;
  return true;
}

std::string benign_names() {
  return "extra_fields, reordered_keys, pretty_json, slow_answers";
}

std::string dressed(const std::string& text, const Benign& benign) {
  boost::system::error_code error;
  json::value value = json::parse(text, error);
  if (error) return text;
  change(value, benign);
  if (!benign.pretty_json) return json::serialize(value);
  std::string out;
  indent(out, value, 0);
  return out + '\n';
}

}  // namespace faulty

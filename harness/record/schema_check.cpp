#include "harness/record/schema_check.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>

namespace record {
namespace {

namespace json = boost::json;

using problem = std::optional<std::string>;

bool is_of(const json::value& document, std::string_view type) {
  const bool whole = document.is_int64() || document.is_uint64();
  return (type == "object" && document.is_object()) || (type == "array" && document.is_array()) ||
         (type == "string" && document.is_string()) || (type == "boolean" && document.is_bool()) ||
         (type == "null" && document.is_null()) || (type == "integer" && whole) ||
         (type == "number" && document.is_number());
}

bool is_of_any(const json::value& document, const json::value& type) {
  if (type.is_string()) {
    return is_of(document, type.get_string());
  }
  return std::any_of(type.as_array().begin(), type.as_array().end(),
                     [&](const json::value& one) { return is_of(document, one.as_string()); });
}

class checker {
 public:
  explicit checker(const json::value& whole) : whole_(whole) {}

  problem check(const json::value& document, const json::value& schema, const std::string& where) const {
    for (const auto& [word, rule] : schema.as_object()) {
      if (auto found = apply(std::string_view(word), rule, document, schema.get_object(), where)) {
        return found;
      }
    }
    return std::nullopt;
  }

 private:
  static problem at(const std::string& where, const std::string& what) {
    return (where.empty() ? "the document" : where) + ": " + what;
  }

  problem apply(std::string_view word, const json::value& rule, const json::value& document, const json::object& schema,
                const std::string& where) const {
    constexpr std::array<std::string_view, 4> comments = {"$schema", "$defs", "title", "description"};
    if (std::find(comments.begin(), comments.end(), word) != comments.end()) {
      return std::nullopt;
    }
    if (word == "type") {
      return is_of_any(document, rule) ? std::nullopt : at(where, "expected " + json::serialize(rule));
    }
    if (word == "const") {
      return document == rule ? std::nullopt : at(where, "expected " + json::serialize(rule));
    }
    if (word == "enum") {
      const auto& words = rule.as_array();
      return std::find(words.begin(), words.end(), document) != words.end()
                 ? std::nullopt
                 : at(where, "expected one of " + json::serialize(rule));
    }
    if (word == "$ref") {
      return defined(rule.as_string(), document, where);
    }
    if (word == "minimum" || word == "maximum") {
      return !document.is_number() ? std::nullopt
                                   : limited(document.to_number<double>(), word == "minimum", rule, "", where);
    }
    if (word == "minItems" || word == "maxItems") {
      return !document.is_array()
                 ? std::nullopt
                 : limited(static_cast<double>(document.get_array().size()), word == "minItems", rule, " items", where);
    }
    if (word == "items") {
      return items(rule, document, where);
    }
    if (word == "required") {
      return required(rule, document, where);
    }
    if (word == "properties") {
      return properties(rule, document, where);
    }
    if (word == "additionalProperties") {
      return others(rule, document, schema, where);
    }
    return at(where, "the schema uses \"" + std::string(word) + "\", which is not checked");
  }

  static problem limited(double value, bool least, const json::value& rule, const char* of, const std::string& where) {
    const auto limit = rule.to_number<double>();
    return (least ? value >= limit : value <= limit)
               ? std::nullopt
               : at(where, (least ? "expected at least " : "expected at most ") + json::serialize(rule) + of);
  }

  problem defined(std::string_view name, const json::value& document, const std::string& where) const {
    constexpr std::string_view place = "#/$defs/";
    const auto* const all = whole_.as_object().if_contains("$defs");
    const auto* const schema =
        all != nullptr && name.starts_with(place) ? all->as_object().if_contains(name.substr(place.size())) : nullptr;
    return schema != nullptr
               ? check(document, *schema, where)
               : at(where, "the schema refers to \"" + std::string(name) + "\", which it does not define");
  }

  problem items(const json::value& rule, const json::value& document, const std::string& where) const {
    if (document.is_array()) {
      std::size_t index = 0;
      for (const auto& one : document.get_array()) {
        if (auto found = check(one, rule, where + "[" + std::to_string(index++) + "]")) {
          return found;
        }
      }
    }
    return std::nullopt;
  }

  static problem required(const json::value& rule, const json::value& document, const std::string& where) {
    if (document.is_object()) {
      for (const auto& key : rule.as_array()) {
        if (!document.get_object().contains(key.as_string())) {
          return at(where, "lacks \"" + std::string(key.as_string()) + "\"");
        }
      }
    }
    return std::nullopt;
  }

  problem properties(const json::value& rule, const json::value& document, const std::string& where) const {
    if (document.is_object()) {
      for (const auto& [key, schema] : rule.as_object()) {
        if (const auto* const value = document.get_object().if_contains(key)) {
          if (auto found = check(*value, schema, below(where, key))) {
            return found;
          }
        }
      }
    }
    return std::nullopt;
  }

  problem others(const json::value& rule, const json::value& document, const json::object& schema,
                 const std::string& where) const {
    if (document.is_object()) {
      const auto* const known = schema.if_contains("properties");
      for (const auto& [key, value] : document.get_object()) {
        if (known != nullptr && known->as_object().contains(key)) {
          continue;
        }
        if (rule.is_bool() && !rule.get_bool()) {
          return at(below(where, key), "is not a member that the schema knows");
        }
        if (rule.is_object()) {
          if (auto found = check(value, rule, below(where, key))) {
            return found;
          }
        }
      }
    }
    return std::nullopt;
  }

  static std::string below(const std::string& where, std::string_view key) {
    return where.empty() ? std::string(key) : where + "." + std::string(key);
  }

  const json::value& whole_;
};

}  // namespace

std::optional<std::string> violation(const json::value& document, const json::value& schema) {
  return checker(schema).check(document, schema, {});
}

}  // namespace record

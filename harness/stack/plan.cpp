#include "harness/stack/plan.hpp"

#include <utility>

namespace stack {
namespace json = boost::json;

std::vector<std::string> plan::arguments_of(std::string_view kind, std::string_view name) const {
  std::vector<std::string> all;
  for (std::string_view key : {kind, name}) {
    const auto found = arguments.find(key);
    if (found != arguments.end()) all.insert(all.end(), found->second.begin(), found->second.end());
    if (kind == name) break;
  }
  return all;
}

json::object to_json(const plan& wanted) {
  json::object arguments;
  for (const auto& [part, list] : wanted.arguments) arguments[part] = json::value_from(list);
  return {{"api", wanted.api},
          {"gateway", wanted.gateway},
          {"stores", wanted.stores},
          {"balancer", wanted.balancer},
          {"arguments", std::move(arguments)},
          {"down", json::value_from(wanted.down)},
          {"postgres_suffix", wanted.postgres_suffix},
          {"replacement", wanted.replacement},
          {"replacement_arguments", json::value_from(wanted.replacement_arguments)},
          {"data", wanted.data},
          {"logs", wanted.logs},
          {"programs", wanted.programs},
          {"deadline_ms", wanted.deadline_ms}};
}

plan plan_from(const json::value& text) {
  plan wanted;
  wanted.api = json::value_to<int>(text.at("api"));
  wanted.gateway = json::value_to<int>(text.at("gateway"));
  wanted.stores = text.at("stores").as_bool();
  wanted.balancer = text.at("balancer").as_bool();
  for (const auto& [part, list] : text.at("arguments").as_object()) {
    wanted.arguments.emplace(part, json::value_to<std::vector<std::string>>(list));
  }
  wanted.down = json::value_to<std::vector<std::string>>(text.at("down"));
  wanted.postgres_suffix = json::value_to<std::string>(text.at("postgres_suffix"));
  wanted.replacement = json::value_to<std::string>(text.at("replacement"));
  wanted.replacement_arguments = json::value_to<std::vector<std::string>>(text.at("replacement_arguments"));
  wanted.data = json::value_to<std::string>(text.at("data"));
  wanted.logs = json::value_to<std::string>(text.at("logs"));
  wanted.programs = json::value_to<std::string>(text.at("programs"));
  wanted.deadline_ms = json::value_to<int>(text.at("deadline_ms"));
  return wanted;
}

}  // namespace stack

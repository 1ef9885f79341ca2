#include "conformance/runner/worker_plan.hpp"

#include <boost/json.hpp>

namespace conformance {

namespace json = boost::json;

std::string to_json(const worker_plan& plan) {
  return json::serialize(json::object{
      {"run", plan.run},
      {"seed", plan.seed},
      {"target_text", plan.target_text},
      {"target_name", plan.target_name},
      {"overrides", json::value_from(plan.overrides)},
      {"printed_users", json::value_from(plan.printed_users)},
      {"connections", plan.connections},
      {"cases", json::value_from(plan.cases)},
      {"trace_file", plan.trace_file},
      {"created_file", plan.created_file},
      {"first_number", plan.first_number},
      {"first_row", plan.first_row},
      {"row_step", plan.row_step},
      {"epoch", plan.epoch.count()},
      {"patience", plan.patience.count()},
  });
}

worker_plan plan_from_json(std::string_view text) {
  const json::value parsed = json::parse(text);
  const json::object& object = parsed.as_object();
  worker_plan plan;
  plan.run = object.at("run").as_string().c_str();
  plan.seed = object.at("seed").to_number<std::uint64_t>();
  plan.target_text = object.at("target_text").as_string().c_str();
  plan.target_name = object.at("target_name").as_string().c_str();
  plan.connections = object.at("connections").as_string().c_str();
  plan.overrides = json::value_to<std::vector<std::string>>(object.at("overrides"));
  plan.printed_users = json::value_to<std::optional<std::string>>(object.at("printed_users"));
  plan.cases = json::value_to<std::vector<std::string>>(object.at("cases"));
  plan.trace_file = object.at("trace_file").as_string().c_str();
  plan.created_file = object.at("created_file").as_string().c_str();
  plan.first_number = object.at("first_number").to_number<std::uint32_t>();
  plan.first_row = object.at("first_row").to_number<std::uint32_t>();
  plan.row_step = object.at("row_step").to_number<std::uint32_t>();
  plan.epoch = std::chrono::nanoseconds(object.at("epoch").to_number<std::int64_t>());
  plan.patience = std::chrono::milliseconds(object.at("patience").to_number<std::int64_t>());
  return plan;
}

}  // namespace conformance

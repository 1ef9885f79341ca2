#include "loadgen/users/worker_plan.hpp"

#include <boost/json.hpp>

namespace loadgen {

namespace json = boost::json;

std::string to_json(const worker_plan& plan) {
  return json::serialize(json::object{
      {"run", plan.run},
      {"seed", plan.shape.seed},
      {"rate", plan.shape.rate},
      {"poisson", plan.shape.kind == arrival_kind::poisson},
      {"online", plan.shape.online},
      {"session", plan.shape.session.count()},
      {"users", plan.users},
      {"first_cell", plan.first_cell},
      {"cells", plan.cells},
      {"duration", plan.duration.count()},
      {"patience", plan.patience.count()},
      {"connections", plan.connections},
      {"body_bytes", plan.body_bytes},
      {"connects_per_second", plan.connects_per_second},
      {"requests_per_second", plan.requests_per_second},
      {"target_text", plan.target_text},
      {"target_name", plan.target_name},
      {"overrides", json::value_from(plan.overrides)},
      {"printed_users", json::value_from(plan.printed_users)},
      {"connection_options", plan.connection_options},
      {"folder", plan.folder},
      {"created_file", plan.created_file},
      {"number", plan.number},
      {"full_trace", plan.full_trace},
  });
}

worker_plan plan_from_json(std::string_view text) {
  const json::value parsed = json::parse(text);
  const json::object& in = parsed.as_object();
  const auto number = [&](const char* name) { return in.at(name).to_number<std::int64_t>(); };
  const auto count = [&](const char* name) { return in.at(name).to_number<std::uint32_t>(); };
  const auto real = [&](const char* name) { return in.at(name).to_number<double>(); };
  const auto words = [&](const char* name) { return std::string(in.at(name).as_string()); };
  return {.run = words("run"),
          .shape = {.seed = in.at("seed").to_number<std::uint64_t>(),
                    .rate = real("rate"),
                    .kind = in.at("poisson").as_bool() ? arrival_kind::poisson : arrival_kind::constant,
                    .online = real("online"),
                    .session = std::chrono::nanoseconds(number("session"))},
          .users = count("users"),
          .first_cell = count("first_cell"),
          .cells = count("cells"),
          .duration = std::chrono::milliseconds(number("duration")),
          .patience = std::chrono::milliseconds(number("patience")),
          .connections = count("connections"),
          .body_bytes = count("body_bytes"),
          .connects_per_second = real("connects_per_second"),
          .requests_per_second = real("requests_per_second"),
          .target_text = words("target_text"),
          .target_name = words("target_name"),
          .overrides = json::value_to<std::vector<std::string>>(in.at("overrides")),
          .printed_users = json::value_to<std::optional<std::string>>(in.at("printed_users")),
          .connection_options = words("connection_options"),
          .folder = words("folder"),
          .created_file = words("created_file"),
          .number = count("number"),
          .full_trace = in.at("full_trace").as_bool()};
}

std::string start_line(std::chrono::nanoseconds at) {
  return json::serialize(json::object{{"start", at.count()}});
}

std::string stop_line() {
  return R"({"stop":true})";
}

std::optional<command> read_command(std::string_view line) {
  boost::system::error_code error;
  const json::value parsed = json::parse(line, error);
  if (error || !parsed.is_object()) return std::nullopt;
  if (parsed.as_object().contains("stop")) return command{command::what::stop, {}};
  const auto* start = parsed.as_object().if_contains("start");
  if (start == nullptr || !start->is_int64()) return std::nullopt;
  return command{command::what::start, std::chrono::nanoseconds(start->as_int64())};
}

}  // namespace loadgen

#include "conformance/runner/case_record.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <stdexcept>

namespace conformance {

namespace json = boost::json;

namespace {

std::string text(const json::value& value) {
  return std::string(value.as_string());
}

std::string line(std::string_view key, json::value value) {
  json::object object;
  object[key] = std::move(value);
  return json::serialize(object) + "\n";
}

check read_check(const json::object& object) {
  return {.force = object.at("level").as_string() == "MUST" ? level::must : level::should,
          .what = text(object.at("what")),
          .expected = text(object.at("expected")),
          .actual = text(object.at("actual")),
          .ok = object.at("ok").as_bool()};
}

}  // namespace

const case_record* shard_record::take(std::string_view raw) {
  boost::system::error_code error;
  const json::value parsed = json::parse(raw, error);
  if (error || !parsed.is_object() || parsed.get_object().empty()) {
    throw std::runtime_error("a worker wrote a line that is no record: " + std::string(raw.substr(0, 200)));
  }
  const auto& object = parsed.get_object();
  const std::string_view key = object.begin()->key();
  const json::value& value = object.begin()->value();
  if (key == "planned") {
    for (const auto& id : value.as_array()) planned.push_back(text(id));
    return nullptr;
  }
  if (key == "stray") {
    const auto& found = value.as_object();
    strays.push_back({.user = text(found.at("user")),
                      .body = text(found.at("body")),
                      .at = std::chrono::nanoseconds(found.at("at").to_number<std::int64_t>())});
    return nullptr;
  }
  if (key == "done") {
    done = true;
    return nullptr;
  }
  if (key == "begin") {
    cases.push_back({});
    cases.back().id = text(value);
    return nullptr;
  }
  if (cases.empty() || cases.back().ended) {
    throw std::runtime_error("a worker wrote a record outside of a case: " + std::string(raw.substr(0, 200)));
  }
  case_record& current = cases.back();
  if (key == "check") {
    current.checks.push_back(read_check(value.as_object()));
  } else if (key == "user") {
    current.users.push_back(text(value));
  } else if (key == "trials") {
    current.trials += static_cast<int>(value.as_int64());
  } else if (key == "inconclusive") {
    current.inconclusive = text(value);
  } else if (key == "not_run") {
    current.not_run = text(value);
  } else if (key == "remark") {
    current.remark = text(value);
  } else if (key == "end") {
    current.seconds = object.at("seconds").to_number<double>();
    current.ended = true;
    return &current;
  } else {
    throw std::runtime_error("a worker wrote an unknown record: " + std::string(key));
  }
  return nullptr;
}

std::vector<std::string> shard_record::not_begun() const {
  std::vector<std::string> left;
  std::ranges::copy_if(planned, std::back_inserter(left),
                       [this](const std::string& id) { return !std::ranges::count(cases, id, &case_record::id); });
  return left;
}

std::string planned_line(const std::vector<std::string>& ids) {
  return line("planned", json::array(ids.begin(), ids.end()));
}
std::string begin_line(std::string_view id) {
  return line("begin", json::string(id));
}
std::string check_line(const check& value) {
  return line("check", {{"level", value.force == level::must ? "MUST" : "SHOULD"},
                        {"what", value.what},
                        {"expected", value.expected},
                        {"actual", value.actual},
                        {"ok", value.ok}});
}
std::string user_line(std::string_view name) {
  return line("user", json::string(name));
}
std::string trials_line(int count) {
  return line("trials", count);
}
std::string inconclusive_line(std::string_view reason) {
  return line("inconclusive", json::string(reason));
}
std::string not_run_line(std::string_view reason) {
  return line("not_run", json::string(reason));
}
std::string remark_line(std::string_view said) {
  return line("remark", json::string(said));
}
std::string stray_line(const stray& value) {
  return line("stray", {{"user", value.user}, {"body", value.body}, {"at", value.at.count()}});
}
std::string end_line(std::string_view id, double seconds) {
  return json::serialize(json::object{{"end", id}, {"seconds", seconds}}) + "\n";
}
std::string done_line() {
  return line("done", true);
}

}  // namespace conformance

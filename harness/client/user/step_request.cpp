#include "harness/client/user/step_request.hpp"

#include "harness/client/user/long_numbers.hpp"

#include <fmt/format.h>

#include <boost/json/parse.hpp>

#include <algorithm>

namespace client {

namespace json = boost::json;

namespace {

bool breaks_a_line(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

bool is_request_target(std::string_view text) {
  return text.starts_with('/') &&
         std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) <= ' '; });
}

// Numbers keep what they are as far as 64 bits go; beyond that they are text.
checked<json::value> parse_typed(std::string_view body) {
  boost::system::error_code error;
  json::value value = json::parse(json::string_view(body.data(), body.size()), error);
  if (error) return reason{"it is not JSON (" + error.message() + ")"};
  return value;
}

checked<variable> take_one(const capture& wanted, const http::exchange& answer, const cookie_jar& jar) {
  switch (wanted.from) {
    case capture::source::pointer: {
      const auto value = parse_typed(answer.body);
      if (!value) return value.error();
      const json::value* found = wanted.at.find(*value);
      if (found == nullptr) return reason{fmt::format("nothing at {}", wanted.at.text())};
      if (!found->is_double()) return to_variable(*found);
      const auto exact = read_json(answer.body);  // an integer that no 64 bits hold
      if (!exact) return exact.error();
      const json::value* digits = wanted.at.find(*exact);
      return digits != nullptr && digits->is_string() ? variable{to_variable(*digits).text, true} : to_variable(*found);
    }
    case capture::source::cookie: {
      const auto found = jar.find(wanted.text);
      if (!found) return reason{fmt::format("no cookie {}", wanted.text)};
      return variable{std::string(*found), false};
    }
    case capture::source::header: {
      const auto found = answer.find(wanted.text);
      if (!found) return reason{fmt::format("no header {}", wanted.text)};
      return variable{std::string(*found), false};
    }
    case capture::source::regex: {
      auto found = wanted.expression->find(answer.body);
      if (!found) return reason{fmt::format("nothing matches {}", wanted.text)};
      return variable{std::move(*found), false};
    }
  }
  return reason{"no source"};
}

}  // namespace

checked<json::value> read_json(std::string_view body) {
  const std::string safe = quote_long_numbers(body);
  return parse_typed(safe);
}

checked<std::string> fill_fields(const std::vector<http_step::field>& fields, const scope& from) {
  std::string out;
  for (const http_step::field& each : fields) {
    const auto name = each.name.fill(from);
    if (!name) return name.error();
    std::string text;
    if (each.is_json) {
      const auto value = each.value.fill(from);
      if (!value) return value.error();
      text = percent_encoded(*value);
    } else {
      auto value = each.value.fill_unless_null(from);
      if (!value) return value.error();
      if (!*value) continue;
      text = std::move(**value);
    }
    if (!out.empty()) out += '&';
    out.append(*name).append("=").append(text);
  }
  return checked<std::string>(boost::system::in_place_value, std::move(out));
}

checked<http::request> build_request(const http_step& step, const scope& from) {
  const auto failed = [&](const reason& why) { return reason{fmt::format("{} {}", step.where, why.clause)}; };
  http::request out;
  out.method = step.method;
  auto path = step.path.fill(from);
  if (!path) return failed(path.error());
  out.target = std::move(*path);
  const auto query = fill_fields(step.query, from);
  if (!query) return failed(query.error());
  if (!query->empty()) out.target.append(out.target.find('?') == std::string::npos ? "?" : "&").append(*query);
  switch (step.has) {
    case http_step::content::none:
      break;
    case http_step::content::json: {
      out.headers.push_back({"Content-Type", "application/json"});
      if (const auto filled = step.body.fill(from, out.body); !filled) return failed(filled.error());
      break;
    }
    case http_step::content::text: {
      out.headers.push_back({"Content-Type", "text/plain; charset=utf-8"});
      if (const auto filled = step.body.fill(from, out.body); !filled) return failed(filled.error());
      break;
    }
    case http_step::content::form: {
      out.headers.push_back({"Content-Type", "application/x-www-form-urlencoded"});
      auto fields = fill_fields(step.form, from);
      if (!fields) return failed(fields.error());
      out.body = std::move(*fields);
      break;
    }
  }
  for (const auto& [name, value] : step.headers) {
    std::erase_if(out.headers, [&](const http::header& h) { return http::same_name(h.name, name); });
    if (!value) {
      out.without.push_back(name);
      continue;
    }
    auto filled = value->fill(from);
    if (!filled) return failed(filled.error());
    if (breaks_a_line(*filled)) return failed({fmt::format("has a line break in header {}", name)});
    out.headers.push_back({name, std::move(*filled)});
  }
  if (!is_request_target(out.target)) {
    return failed({fmt::format("makes the path '{}', which is none below the base URL", out.target.substr(0, 100))});
  }
  return out;
}

checked<void> take_captures(const captures& wanted, const http::exchange& answer, const cookie_jar& jar,
                            variables& into) {
  for (const capture& each : wanted) {
    auto value = take_one(each, answer, jar);
    if (!value) return reason{fmt::format("{} for {}", value.error().clause, each.name)};
    into.set(each.name, std::move(*value));
  }
  return {};
}

}  // namespace client

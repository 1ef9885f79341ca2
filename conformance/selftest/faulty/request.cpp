#include "conformance/selftest/faulty/request.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace faulty {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

int hex(char c) {
  c = lower(c);
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

std::optional<std::string> decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+') {
      out += ' ';
    } else if (text[i] != '%') {
      out += text[i];
    } else {
      if (i + 2 >= text.size() || hex(text[i + 1]) < 0 || hex(text[i + 2]) < 0) return std::nullopt;
      out += static_cast<char>(hex(text[i + 1]) * 16 + hex(text[i + 2]));
      i += 2;
    }
  }
  return out;
}

std::string_view title(int status) {
  switch (status) {
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 422:
      return "Unprocessable Content";
    case 426:
      return "Upgrade Required";
    case 431:
      return "Request Header Fields Too Large";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    default:
      return "Error";
  }
}

Answer problem_with(int status, std::string_view detail, boost::json::object more) {
  more["type"] = "about:blank";
  more["title"] = title(status);
  more["status"] = status;
  more["detail"] = detail;
  return {status, boost::json::serialize(more), "application/problem+json", {}, false};
}

}  // namespace

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

std::vector<std::string_view> Request::values(std::string_view name) const {
  std::vector<std::string_view> found;
  for (const auto& [key, value] : headers)
    if (equal_ignoring_case(key, name)) found.push_back(value);
  return found;
}

std::string_view Request::value(std::string_view name) const {
  const auto all = values(name);
  return all.empty() ? std::string_view() : all.front();
}

Answer problem(int status, std::string_view detail) {
  return problem_with(status, detail, {});
}

Answer unauthorised(std::string_view detail) {
  Answer answer = problem(401, detail);
  answer.headers.emplace_back("WWW-Authenticate", "Bearer");
  return answer;
}

Answer unprocessable(std::string_view field, std::string_view detail) {
  boost::json::array errors{boost::json::object{{"field", field}, {"detail", detail}}};
  return problem_with(422, detail, {{"errors", std::move(errors)}});
}

std::optional<std::vector<std::string>> parameter(std::string_view query, std::string_view name) {
  std::vector<std::string> found;
  while (!query.empty()) {
    const auto item = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), item.size() + 1));
    const auto equals = item.find('=');
    const auto key = decoded(item.substr(0, equals));
    const auto value = decoded(equals == item.npos ? std::string_view() : item.substr(equals + 1));
    if (!key || !value) return std::nullopt;
    if (*key == name) found.push_back(*value);
  }
  return found;
}

void set_target(Request& request, std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"})
    if (equal_ignoring_case(target.substr(0, scheme.size()), scheme)) {
      const auto path = target.find_first_of("/?", scheme.size());
      target = path == target.npos ? std::string_view("/") : target.substr(path);
    }
  const auto question = target.find('?');
  request.path = target.substr(0, question);
  request.query = question == target.npos ? "" : target.substr(question + 1);
}

}  // namespace faulty

#include "conformance/selftest/faulty/credentials.hpp"

#include <algorithm>

namespace faulty {
namespace {

std::string bearer(std::string_view value) {
  constexpr std::string_view scheme = "Bearer ";
  if (!equal_ignoring_case(value.substr(0, scheme.size()), scheme)) return {};
  value.remove_prefix(scheme.size());
  value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
  return std::string(value);
}

Credentials find(const Request& request, bool query_counts) {
  const auto headers = request.values("Authorization");
  const auto queries = parameter(request.query, "access_token").value_or(std::vector<std::string>());
  Credentials found;
  found.conflict = std::any_of(headers.begin(), headers.end(), [&](auto h) { return h != headers.front(); }) ||
                   std::any_of(queries.begin(), queries.end(), [&](const auto& q) { return q != queries.front(); }) ||
                   (!headers.empty() && !queries.empty() && bearer(headers.front()) != queries.front());
  if (!headers.empty())
    found.token = bearer(headers.front());
  else if (query_counts && !queries.empty())
    found.token = queries.front();
  return found;
}

}  // namespace

Credentials rest_credentials(const Request& request) {
  return find(request, false);
}
Credentials socket_credentials(const Request& request) {
  return find(request, true);
}

}  // namespace faulty

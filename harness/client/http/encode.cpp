#include "harness/client/http/encode.hpp"

#include <algorithm>

namespace client::http {

std::string encode_request(const request& request, const url& origin) {
  const auto names = [&](std::string_view name) {
    return std::any_of(request.headers.begin(), request.headers.end(),
                       [&](const header& h) { return same_name(h.name, name); });
  };
  std::string out;
  out.reserve(256 + request.body.size());
  out += request.method;
  out += ' ';
  if (request.target.starts_with('/')) out += base_path(origin);
  out += request.target;
  out += " HTTP/1.1\r\n";
  if (!names("Host")) out += "Host: " + origin.authority() + "\r\n";
  for (const header& h : request.headers) {
    out += h.name;
    out += ": ";
    out += h.value;
    out += "\r\n";
  }
  const bool has_body =
      !request.body.empty() || request.method == "POST" || request.method == "PUT" || request.method == "PATCH";
  if (has_body && !names("Content-Length") && !names("Transfer-Encoding")) {
    out += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
  }
  out += "\r\n";
  out += request.body;
  return out;
}

}  // namespace client::http

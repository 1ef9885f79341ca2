#include "reference-server/http/response.hpp"

#include <cstring>

namespace http {

std::string_view reason_of(unsigned status) {
  switch (status) {
    case 101:
      return "Switching Protocols";
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 204:
      return "No Content";
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
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    default:
      return "Status";
  }
}

namespace {

bool needs_escape(unsigned char byte) {
  return byte < 0x20 || byte == '"' || byte == '\\';
}

// Whether one of eight bytes needs an escape. Subtracting borrows into a byte's highest bit where it was below; a
// borrow from a byte further down can only follow such a byte.
bool any_needs_escape(const char* eight) {
  constexpr std::uint64_t each = 0x0101010101010101;
  std::uint64_t bytes = 0;
  std::memcpy(&bytes, eight, sizeof bytes);
  const auto below = [](std::uint64_t word, unsigned limit) { return (word - each * limit) & ~word; };
  return ((below(bytes, 0x20) | below(bytes ^ each * '"', 1) | below(bytes ^ each * '\\', 1)) & each << 7U) != 0;
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  constexpr char hex[] = "0123456789abcdef";
  out += '"';
  std::size_t plain = 0;  // start of the run that needs no escape
  for (std::size_t i = 0; i < text.size(); ++i) {
    while (text.size() - i >= 8 && !any_needs_escape(text.data() + i)) {
      i += 8;
    }
    if (i == text.size()) {
      break;
    }
    const auto byte = static_cast<unsigned char>(text[i]);
    if (!needs_escape(byte)) {
      continue;
    }
    out.append(text, plain, i - plain);
    plain = i + 1;
    switch (byte) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        out += "\\u00";
        out += hex[byte >> 4];
        out += hex[byte & 15];
    }
  }
  out.append(text, plain, text.size() - plain);
  out += '"';
}

response problem(unsigned status, std::string_view detail, std::string_view type, std::string_view members) {
  response answer;
  answer.status = status;
  answer.content_type = "application/problem+json";
  answer.body = "{\"type\":";
  append_json_string(answer.body, type.empty() ? "about:blank" : type);
  answer.body += ",\"title\":";
  append_json_string(answer.body, reason_of(status));
  answer.body += ",\"status\":";
  answer.body += std::to_string(status);
  if (!detail.empty()) {
    answer.body += ",\"detail\":";
    append_json_string(answer.body, detail);
  }
  answer.body += members;
  answer.body += '}';
  return answer;
}

void append_response(std::string& out, const response& answer, std::string_view date, bool head, bool keep_alive) {
  out += "HTTP/1.1 ";
  out += std::to_string(answer.status);
  out += ' ';
  out += reason_of(answer.status);
  out += "\r\nDate: ";
  out += date;
  if (answer.status != 204) {
    if (!answer.content_type.empty()) {
      out += "\r\nContent-Type: ";
      out += answer.content_type;
    }
    out += "\r\nContent-Length: ";
    out += std::to_string(answer.body.size());
  }
  out += "\r\n";
  out += answer.headers;
  if (!keep_alive) {
    out += "Connection: close\r\n";
  }
  out += "\r\n";
  if (!head && answer.status != 204) {
    out += answer.body;
  }
}

}  // namespace http

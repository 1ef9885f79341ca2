#include "conformance/selftest/faulty/framing.hpp"

#include "conformance/selftest/faulty/request.hpp"

#include <algorithm>

namespace faulty {
namespace {

constexpr std::size_t longest_target = 8 * 1024;
constexpr std::size_t longest_headers = 16 * 1024;
constexpr std::size_t longest_method = 64;

Refusal broken(std::string detail) {
  return {400, std::move(detail)};
}

bool is_token(std::string_view text) {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || marks.find(c) != marks.npos;
  });
}

// Lines end in CR LF, and no other control character but a tab appears.
bool has_clean_bytes(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const unsigned char c = static_cast<unsigned char>(text[i]);
    if (c == '\r' ? i + 1 < text.size() && text[i + 1] != '\n' : c == '\n' && (i == 0 || text[i - 1] != '\r'))
      return false;
    if ((c < 0x20 && c != '\r' && c != '\n' && c != '\t') || c == 0x7f) return false;
  }
  return true;
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  return first == text.npos ? std::string_view() : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

struct RequestLine {
  std::string_view method, target, version;
};

RequestLine split(std::string_view line) {
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == line.npos || first == last) return {};
  return {line.substr(0, first), line.substr(first + 1, last - first - 1), line.substr(last + 1)};
}

struct Framing {
  int hosts = 0, lengths = 0, encodings = 0;
  bool length_is_number = true;
  bool chunked_only = true;
};

std::optional<Refusal> read_field(std::string_view line, Framing& framing) {
  if (line.front() == ' ' || line.front() == '\t') return broken("a header line is folded");
  const auto colon = line.find(':');
  if (colon == line.npos || !is_token(line.substr(0, colon))) return broken("a header line is not \"name: value\"");
  const auto name = line.substr(0, colon);
  const auto value = trimmed(line.substr(colon + 1));
  if (equal_ignoring_case(name, "Host")) ++framing.hosts;
  if (equal_ignoring_case(name, "Content-Length")) {
    ++framing.lengths;
    framing.length_is_number = !value.empty() && value.find_first_not_of("0123456789") == value.npos;
  }
  if (equal_ignoring_case(name, "Transfer-Encoding")) {
    ++framing.encodings;
    framing.chunked_only = framing.chunked_only && equal_ignoring_case(value, "chunked");
  }
  return std::nullopt;
}

}  // namespace

std::optional<Refusal> check_head(std::string_view head) {
  if (!has_clean_bytes(head)) return broken("the header block holds a control character or a bare line end");
  const auto first_line = head.substr(0, head.find("\r\n"));
  const auto [method, target, version] = split(first_line);
  if (!is_token(method) || target.empty() || target.find(' ') != target.npos ||
      (version != "HTTP/1.1" && version != "HTTP/1.0"))
    return broken("the request line is not \"METHOD target HTTP/1.1\"");
  Framing framing;
  const auto fields = head.substr(first_line.size() + 2);
  for (auto rest = fields; !rest.empty();) {
    const auto line = rest.substr(0, rest.find("\r\n"));
    rest.remove_prefix(std::min(rest.size(), line.size() + 2));
    if (line.empty()) break;
    if (const auto refusal = read_field(line, framing)) return refusal;
  }
  if (framing.hosts > 1 || (framing.hosts == 0 && version == "HTTP/1.1")) return broken("expected one Host header");
  if (framing.lengths > 1 || !framing.length_is_number) return broken("expected one Content-Length, a number");
  if (framing.encodings > 0 && (framing.lengths > 0 || version == "HTTP/1.0"))
    return broken("Transfer-Encoding is not allowed here");
  if (target.size() > longest_target) return Refusal{414, "the target is longer than 8 KiB"};
  if (fields.size() > longest_headers) return Refusal{431, "the headers are longer than 16 KiB"};
  if (framing.encodings > 1 || !framing.chunked_only) return Refusal{501, "of transfer codings only chunked is known"};
  return std::nullopt;
}

std::optional<Refusal> check_partial_head(std::string_view so_far) {
  if (!has_clean_bytes(so_far)) return broken("the header block holds a control character or a bare line end");
  const auto line_end = so_far.find("\r\n");
  const auto first_line = so_far.substr(0, line_end);
  if (first_line.size() > longest_target + longest_method) return Refusal{414, "the target is longer than 8 KiB"};
  if (line_end == so_far.npos) return std::nullopt;
  if (split(first_line).target.size() > longest_target) return Refusal{414, "the target is longer than 8 KiB"};
  if (so_far.size() - line_end > longest_headers + 4) return Refusal{431, "the headers are longer than 16 KiB"};
  return std::nullopt;
}

}  // namespace faulty

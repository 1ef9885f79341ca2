#include "reference-server/test/hostile/answers.hpp"

#include <charconv>
#include <set>

namespace hostile {
namespace {

// 503 and 504 tell of a broken stack; 501 of an unknown Transfer-Encoding. Nothing else is a client's doing.
const std::set<int> statuses{100, 101, 200, 201, 204, 400, 401, 403, 404, 405, 408, 413, 414, 415, 422, 426, 431, 501};
// Those that tell of the server's own trouble.
const std::set<int> troubled{1001, 1011, 1012, 1013};

std::size_t content_length(std::string_view head) {
  constexpr std::string_view name = "\r\nContent-Length: ";
  const auto at = head.find(name);
  if (at == head.npos) return std::string_view::npos;
  std::size_t size = 0;
  std::from_chars(head.data() + at + name.size(), head.data() + head.size(), size);
  return size;
}

std::string judge_frames(std::string_view rest, std::string_view sent, verdict& out) {
  const auto at = [&rest](std::size_t i) { return static_cast<unsigned char>(rest[i]); };
  while (rest.size() >= 2) {
    const int opcode = at(0) & 15;
    if ((at(0) & 0xf0) != 0x80 || (at(1) & 0x80) != 0) return "a frame in pieces, masked or with reserved bits";
    if (opcode != 1 && opcode != 2 && opcode != 8 && opcode != 9 && opcode != 10) return "a frame of no kind";
    const std::size_t extended = at(1) == 126 ? 2 : at(1) == 127 ? 8 : 0;
    if (opcode >= 8 && extended != 0) return "a control frame that is too long";
    if (rest.size() < 2 + extended) return {};
    std::size_t size = extended == 0 ? at(1) : 0;
    for (std::size_t i = 0; i < extended; ++i) size = size << 8 | at(2 + i);
    if (rest.size() < 2 + extended + size) return {};
    rest.remove_prefix(2 + extended);
    if (opcode == 8) {
      const int code = size < 2 ? 0 : at(0) << 8 | at(1);
      const bool asked_for = sent.find_first_of("\x08\x88") != sent.npos;
      if (troubled.contains(code) && !asked_for) return "closed with " + std::to_string(code);
      if (rest.size() > size) return "bytes after the close frame";
      ++out.seen[code < 3000 ? "close " + std::to_string(code) : "close of the client's own"];
    } else {
      ++out.seen["frame"];
    }
    rest.remove_prefix(size);
  }
  return {};
}

}  // namespace

verdict judge(std::string_view rest, bool whole, std::string_view sent) {
  verdict out;
  while (!rest.empty()) {
    const auto end = rest.find("\r\n\r\n");
    if (end == rest.npos) {
      if (whole) out.finding = "an answer without an end";
      return out;
    }
    const std::string_view head = rest.substr(0, end + 2);
    rest.remove_prefix(end + 4);
    int status = 0;
    if (!head.starts_with("HTTP/1.1 ") ||
        std::from_chars(head.data() + 9, head.data() + 12, status).ptr != head.data() + 12) {
      out.finding = "no status line";
      return out;
    }
    ++out.seen[std::to_string(status)];
    if (!statuses.contains(status)) {
      out.finding = "status " + std::to_string(status);
      return out;
    }
    if (status == 101) {
      out.finding = judge_frames(rest, sent, out);
      return out;
    }
    if (status == 100 || status == 204) continue;
    const std::size_t size = content_length(head);
    if (size == std::string_view::npos) {
      out.finding = "no Content-Length";
      return out;
    }
    if (rest.starts_with("HTTP/1.1 ") || rest.empty()) continue;  // to HEAD
    if (rest.size() < size) {
      if (whole) out.finding = "a body that is cut off";
      return out;
    }
    rest.remove_prefix(size);
  }
  return out;
}

}  // namespace hostile

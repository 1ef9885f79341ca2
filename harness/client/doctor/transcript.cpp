#include "harness/client/doctor/transcript.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace client::doctor {

namespace {

std::string_view take_line(std::string_view& text) {
  const auto end = text.find("\r\n");
  const auto line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 2);
  return line;
}

}  // namespace

std::string harmless(std::string_view text) {
  std::string out(text);
  std::ranges::replace_if(
      out, [](unsigned char c) { return c < ' ' || c == 0x7F; }, ' ');
  return out;
}

void transcript::add(std::string_view request, const http::exchange& came) {
  part asked{.direction = '>', .line = {}, .headers = {}, .body = {}};
  const auto line = take_line(request);
  asked.line = line.substr(0, line.rfind(" HTTP/"));
  for (auto header = take_line(request); !header.empty(); header = take_line(request)) {
    const auto colon = header.find(": ");
    if (colon == std::string_view::npos) continue;
    asked.headers.push_back({std::string(header.substr(0, colon)), std::string(header.substr(colon + 2))});
  }
  asked.body = request;
  parts_.push_back(std::move(asked));
  parts_.push_back({.direction = '<',
                    .line = came.answered() ? std::to_string(came.status) : came.summary(),
                    .headers = came.headers,
                    .body = came.body});
}

void transcript::add_frame(char direction, std::string_view frame) {
  parts_.push_back({.direction = direction, .line = {}, .headers = {}, .body = std::string(frame)});
}

std::vector<std::string> transcript::lines(const mask& known) const {
  std::vector<std::string> out;
  for (const part& each : parts_) {
    if (!each.line.empty()) out.push_back(fmt::format("{} {}", each.direction, harmless(known.text(each.line))));
    for (const auto& [name, value] : each.headers) {
      out.push_back(fmt::format("{} {}: {}", each.direction, harmless(name), harmless(known.header(name, value))));
    }
    const std::string shown = known.beginning(each.body, most_shown);
    for (std::size_t at = 0; at < shown.size();) {
      const auto end = std::min(shown.find('\n', at), shown.size());
      out.push_back(fmt::format("{} {}", each.direction, harmless(shown.substr(at, end - at))));
      at = end + 1;
    }
  }
  return out;
}

}  // namespace client::doctor

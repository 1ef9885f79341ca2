#include "harness/record/hlog.hpp"

#include "harness/record/histogram_code.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <array>
#include <charconv>
#include <optional>

namespace record {
namespace {

std::optional<double> seconds(std::string_view text) {
  double value = 0;
  const auto [end, broken] = std::from_chars(text.data(), text.data() + text.size(), value);
  return broken == std::errc{} && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

// What is before the separator, which goes with it.
std::string_view take(std::string_view& in, char separator) {
  const auto end = std::min(in.find(separator), in.size());
  const auto taken = in.substr(0, end);
  in.remove_prefix(std::min(end + 1, in.size()));
  return taken;
}

std::string read_line(std::string_view line, hlog_interval& out) {
  constexpr std::string_view tag = "Tag=";
  if (line.starts_with(tag)) {
    out.tag = take(line, ',').substr(tag.size());
  }
  const auto start = seconds(take(line, ','));
  const auto length = seconds(take(line, ','));
  const auto largest = seconds(take(line, ','));
  if (!start || !length || !largest) {
    return "expected start, length, largest value and a histogram";
  }
  out.start_seconds = *start;
  out.length_seconds = *length;
  auto decoded = decode_text(line);
  if (!decoded.value) {
    return "its histogram: " + decoded.problem;
  }
  out.values = std::move(*decoded.value);
  return {};
}

}  // namespace

std::string hlog_head(std::chrono::system_clock::time_point start) {
  const auto since_epoch = std::chrono::duration<double>(start.time_since_epoch()).count();
  return fmt::format(
      "#[Histogram log format version 1.3]\n"
      "#[BaseTime: {0:.3f} (seconds since epoch)]\n"
      "#[StartTime: {0:.3f} (seconds since epoch), {1:%Y-%m-%dT%H:%M:%S}Z]\n"
      "\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\",\"Interval_Compressed_Histogram\"\n",
      since_epoch, fmt::gmtime(std::chrono::system_clock::to_time_t(start)));
}

std::string hlog_line(std::string_view tag, double start_seconds, double length_seconds, const histogram& values) {
  return fmt::format("Tag={},{:.3f},{:.3f},{:.3f},{}\n", tag, start_seconds, length_seconds,
                     static_cast<double>(values.max()) / 1000, encode_text(values));
}

read_hlog_result read_hlog(std::string_view text) {
  read_hlog_result out;
  for (std::size_t number = 1; !text.empty(); ++number) {
    auto line = take(text, '\n');
    if (line.ends_with('\r')) {
      line.remove_suffix(1);
    }
    if (line.empty() || line.starts_with('#') || line.starts_with('"')) {
      continue;
    }
    hlog_interval read;
    if (const auto wrong = read_line(line, read); !wrong.empty()) {
      out.problem = fmt::format("line {}: {}", number, wrong);
      break;
    }
    out.intervals.push_back(std::move(read));
  }
  return out;
}

}  // namespace record

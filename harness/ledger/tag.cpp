#include "harness/ledger/tag.hpp"

#include <charconv>
#include <stdexcept>

namespace ledger {
namespace {

constexpr std::string_view prefix = "rc-";
constexpr std::size_t checksum_width = 13;  // 36^13 > 2^64

bool is_digit36(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
}

void append36(std::string& out, std::uint64_t value, std::size_t width = 1) {
  char digits[checksum_width];
  auto at = sizeof digits;
  for (; value != 0 || width > sizeof digits - at; value /= 36) {
    digits[--at] = "0123456789abcdefghijklmnopqrstuvwxyz"[value % 36];
  }
  out.append(digits + at, sizeof digits - at);
}

// FNV-1a over the bytes, then a finaliser so that every bit of the input reaches every digit.
constexpr std::uint64_t seed = 14695981039346656037U;

std::uint64_t feed(std::uint64_t hash, std::string_view bytes) {
  for (const char c : bytes) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
  }
  return hash;
}

std::uint64_t finish(std::uint64_t hash) {
  hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccdU;
  hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53U;
  return hash ^ (hash >> 33);
}

// Takes "DIGITS-" from the front of `left`; nothing, and `left` as it was, when it is not there or too large.
template <typename Number>
std::optional<Number> take_number(std::string_view& left) {
  std::size_t length = 0;
  while (length < left.size() && is_digit36(left[length])) {
    ++length;
  }
  Number value{};
  const auto parsed = std::from_chars(left.data(), left.data() + length, value, 36);
  if (length == 0 || parsed.ec != std::errc{} || length == left.size() || left[length] != '-') {
    return std::nullopt;
  }
  left.remove_prefix(length + 1);
  return value;
}

}  // namespace

bool is_run_id(std::string_view text) {
  if (text.empty() || text.size() > longest_run) {
    return false;
  }
  for (const char c : text) {
    if (!is_digit36(c)) {
      return false;
    }
  }
  return true;
}

std::string make_run_id(std::uint64_t entropy) {
  constexpr std::uint64_t span = 36ULL * 36 * 36 * 36 * 36 * 36;
  std::string out;
  append36(out, entropy % span, 6);
  return out;
}

std::string write_tag(const tag& value, std::string_view rest) {
  if (!is_run_id(value.run)) {
    throw std::invalid_argument("a run id is 1 to 8 characters of [a-z0-9], not '" + value.run + "'");
  }
  if (value.intended.count() < 0) {
    throw std::invalid_argument("the intended time of a message is before the start of the run");
  }
  std::string body;
  append_tag(body, value.run, value, rest);
  return body;
}

void append_tag(std::string& out, std::string_view run, const tag& value, std::string_view rest) {
  const auto begin = out.size();
  out += prefix;
  out += run;
  out += '-';
  const std::uint64_t fields[] = {value.chat, value.sender, value.sequence,
                                  static_cast<std::uint64_t>(value.intended.count())};
  for (const auto field : fields) {
    append36(out, field);
    out += '-';
  }
  auto hash = feed(seed, std::string_view(out).substr(begin));
  if (!rest.empty()) {
    hash = feed(feed(hash, " "), rest);
  }
  append36(out, finish(hash), checksum_width);
  if (!rest.empty()) {
    out += ' ';
    out += rest;
  }
}

std::optional<found_tag> read_tag(std::string_view body) {
  if (!body.starts_with(prefix)) {
    return std::nullopt;
  }
  auto left = body.substr(prefix.size());
  const auto dash = left.substr(0, longest_run + 1).find('-');
  if (dash == std::string_view::npos || !is_run_id(left.substr(0, dash))) {
    return std::nullopt;
  }
  found_tag found;
  found.tag.run = left.substr(0, dash);
  left.remove_prefix(dash + 1);
  for (auto* const field : {&found.tag.chat, &found.tag.sender, &found.tag.sequence}) {
    const auto number = take_number<std::uint32_t>(left);
    if (!number) {
      return std::nullopt;
    }
    *field = *number;
  }
  const auto intended = take_number<std::uint64_t>(left);
  if (!intended || *intended > static_cast<std::uint64_t>(std::chrono::nanoseconds::max().count())) {
    return found;
  }
  found.tag.intended = std::chrono::nanoseconds(static_cast<std::chrono::nanoseconds::rep>(*intended));
  if (left.size() < checksum_width) {
    return found;
  }
  std::string expected;
  const auto fields = body.substr(0, body.size() - left.size());
  append36(expected, finish(feed(feed(seed, fields), left.substr(checksum_width))), checksum_width);
  found.intact = left.starts_with(expected);
  return found;
}

}  // namespace ledger

#include "conformance/selftest/faulty/faults.hpp"

#include "conformance/selftest/faulty/chat.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstring>

namespace faulty {
namespace {

constexpr std::size_t longest_tag = 64;  // of a text's first word

template <class Number>
bool parse(std::string_view text, Number& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && !text.empty();
}

}  // namespace

Faults::Faults(std::uint64_t seed) {
  for (std::size_t i = 0; i < switches_.size(); ++i) {
    // Seeded by name, so that a new row in the table leaves the streams of the others as they were.
    std::seed_seq words(fault_table[i].name.begin(), fault_table[i].name.end());
    std::array<std::uint32_t, 2> mixed{};
    words.generate(mixed.begin(), mixed.end());
    std::seed_seq both{mixed[0], mixed[1], static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)};
    switches_[i].stream.seed(both);
  }
}

std::optional<std::string> Faults::enable(std::string_view text, double default_rate) {
  std::string_view name = text.substr(0, text.find_first_of("=@"));
  const auto row = std::find_if(fault_table.begin(), fault_table.end(), [&](const auto& r) { return r.name == name; });
  if (row == fault_table.end())
    return fmt::format("--fault {}: there is no fault of that name; --list-faults shows them", text);
  Switch& entry = at(row->fault);
  entry.rate = default_rate;
  std::string_view rest = text.substr(name.size());
  if (rest.starts_with('=')) {
    const auto rate = rest.substr(1, rest.find('@') - (rest.find('@') == rest.npos ? 0 : 1));
    if (!parse(rate, entry.rate) || !(entry.rate >= 0 && entry.rate <= 1))
      return fmt::format("--fault {}: expected a rate from 0 to 1 after '='", text);
    rest.remove_prefix(1 + rate.size());
  }
  if (rest.starts_with('@')) {
    const auto slash = rest.find('/');
    if (slash == rest.npos || !parse(rest.substr(1, slash - 1), entry.slot) ||
        !parse(rest.substr(slash + 1), entry.slots) || entry.slot < 0 || entry.slot >= entry.slots)
      return fmt::format("--fault {}: expected @K/N with 0 <= K < N (only chats whose id modulo N is K)", text);
  }
  entry.on = true;
  return std::nullopt;
}

std::optional<std::string> Faults::log_to(const std::string& path) {
  log_.reset(std::fopen(path.c_str(), "ae"));
  if (!log_) return fmt::format("--log {}: {}", path, std::strerror(errno));
  return std::nullopt;
}

bool Faults::strikes(Fault fault, std::int64_t chat) {
  Switch& entry = at(fault);
  if (!entry.on || (entry.slots > 1 && chat % entry.slots != entry.slot)) return false;
  if (entry.rate >= 1) return true;
  return static_cast<double>(entry.stream() >> 11) * 0x1p-53 < entry.rate;
}

void Faults::note(Fault fault, const Instance& instance) {
  ++noted_;
  if (!log_) return;
  const auto clock = std::chrono::steady_clock::now().time_since_epoch();
  boost::json::object line{{"time", rfc3339(now_us())},
                           {"clock_ns", std::chrono::duration_cast<std::chrono::nanoseconds>(clock).count()},
                           {"fault", fault_table[static_cast<std::size_t>(fault)].name}};
  if (const Message* of = instance.of) {
    line["message"] = of->id;
    line["chat"] = of->chat;
    line["sender"] = of->sender;
    line["recipient"] = of->recipient;
    line["tag"] = of->body.substr(0, of->body.find(' ')).substr(0, longest_tag);
  } else {
    if (instance.message != 0) line["message"] = instance.message;
    if (instance.chat != 0) line["chat"] = instance.chat;
  }
  if (!instance.user.empty()) line["user"] = instance.user;
  if (!instance.socket.empty()) line["socket"] = instance.socket;
  fmt::print(log_.get(), "{}\n", boost::json::serialize(line));
  std::fflush(log_.get());
}

}  // namespace faulty

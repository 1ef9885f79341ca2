#include "reference-server/redis/slot_map.hpp"

#include <array>
#include <charconv>
#include <cstdint>

namespace redis {
namespace {

constexpr std::array<std::uint16_t, 256> crc_table() {
  std::array<std::uint16_t, 256> table{};
  for (unsigned byte = 0; byte < table.size(); ++byte) {
    unsigned crc = byte << 8;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 0x8000) != 0 ? crc << 1 ^ 0x1021 : crc << 1;
    table[byte] = static_cast<std::uint16_t>(crc);
  }
  return table;
}

std::string_view next_word(std::string_view& line) {
  const auto end = std::min(line.find(' '), line.size());
  const auto word = line.substr(0, end);
  line.remove_prefix(std::min(end + 1, line.size()));
  return word;
}

bool has_flag(std::string_view flags, std::string_view wanted) {
  while (!flags.empty()) {
    const auto end = std::min(flags.find(','), flags.size());
    if (flags.substr(0, end) == wanted) return true;
    flags.remove_prefix(std::min(end + 1, flags.size()));
  }
  return false;
}

// "5" or "0-5460"; "[93-<-…]" is a slot on its way, which its present owner lists as well.
void add_slots(slot_set& slots, std::string_view range) {
  std::size_t first = 0, last = 0;
  const char* const end = range.data() + range.size();
  const auto [stop, wrong] = std::from_chars(range.data(), end, first);
  if (wrong != std::errc{}) return;
  last = first;
  if (stop != end) std::from_chars(stop + 1, end, last);
  for (std::size_t slot = first; slot <= last && slot < slot_count; ++slot) slots.set(slot);
}

}  // namespace

std::size_t slot_of(std::string_view key) {
  if (const auto open = key.find('{'); open != key.npos) {
    const auto close = key.find('}', open);
    if (close != key.npos && close > open + 1) key = key.substr(open + 1, close - open - 1);
  }
  static constexpr auto table = crc_table();
  std::uint16_t crc = 0;
  for (const char c : key) {
    crc = static_cast<std::uint16_t>(crc << 8 ^ table[(crc >> 8 ^ static_cast<unsigned char>(c)) & 0xff]);
  }
  return crc % slot_count;
}

// <id> <ip:port@bus[,name]> <flags> <master> <ping> <pong> <epoch> <link> <slot> …
std::vector<cluster_master> read_cluster_nodes(std::string_view text) {
  std::vector<cluster_master> masters;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    next_word(line);
    const auto address = next_word(line);
    const auto flags = next_word(line);
    for (int skipped = 0; skipped < 5; ++skipped) next_word(line);
    if (!has_flag(flags, "master") || has_flag(flags, "fail") || has_flag(flags, "noaddr")) continue;
    cluster_master found{std::string(address.substr(0, address.find('@'))), {}};
    while (!line.empty()) add_slots(found.slots, next_word(line));
    if (found.slots.any() && !found.address.starts_with(':')) masters.push_back(std::move(found));
  }
  return masters;
}

}  // namespace redis

// Which master of a Redis cluster owns which of its 16,384 slots. Pure functions over what Redis says.
#pragma once

#include <bitset>
#include <string>
#include <string_view>
#include <vector>

namespace redis {

inline constexpr std::size_t slot_count = 16384;
using slot_set = std::bitset<slot_count>;

// The slot of a key or a sharded channel: CRC16 (XMODEM) of it, or of what stands in its first {…}, if there is
// something (Redis cluster specification, "Hash tags").
std::size_t slot_of(std::string_view key);

struct cluster_master {
  std::string address;  // HOST:PORT
  slot_set slots;
};

// The masters that own slots and are not known to have failed, out of the answer to CLUSTER NODES. A master whose
// address is not known is left out.
std::vector<cluster_master> read_cluster_nodes(std::string_view text);

}  // namespace redis

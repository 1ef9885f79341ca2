// The gateway's command line, read into what the parts need. Used once, at the top of main.
#pragma once

#include "reference-server/gateway/hub.hpp"
#include "reference-server/ops/flags.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace gateway {

struct options {
  ops::common_flags common;
  std::string secret;
  hub_options hub;
  std::optional<boost::asio::ip::tcp::endpoint> shared_listen;  // nothing: no port is shared
  std::size_t max_sockets = 0;                                  // 0: as many as there are descriptors for
};

// The options, or the exit code when the process has to end now (0 after --help, 2 after one clear line).
std::variant<options, int> read_options(int argc, const char* const* argv);

// "25s", "500ms" or "2m" as ticks (tenths of a second), from 1 to one day; nothing for everything else.
std::optional<tick> parse_ticks(std::string_view text);

}  // namespace gateway

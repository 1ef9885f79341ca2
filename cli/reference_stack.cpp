#include "cli/reference_stack.hpp"

#include "cli/command_error.hpp"
#include "cli/stack_error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace cli {

namespace {

int process_count(const std::string& setting) {
  const std::string text = setting.substr(setting.find('=') + 1);
  int count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc() || end != text.data() + text.size() || count < 1 || count > 16) {
    throw usage_error(fmt::format("--set stack.{}: expected a number from 1 to 16", setting));
  }
  return count;
}

}  // namespace

std::unique_ptr<reference_stack> start_reference(const std::vector<std::string>& settings,
                                                 const std::filesystem::path& logs, const interruption& interrupt) {
  stack::options wanted;
  for (const auto& each : settings) {
    if (each.starts_with("api=")) {
      wanted.api = process_count(each);
    } else if (each.starts_with("gateway=")) {
      wanted.gateway = process_count(each);
    } else {
      throw usage_error(
          fmt::format("--set stack.{}: unknown; the private stack has stack.api and stack.gateway", each));
    }
  }
  wanted.balancer = std::max(wanted.api, wanted.gateway) > 1;
  if (!logs.empty()) wanted.logs = logs;
  wanted.interrupt_fd = interrupt.fd();
  wanted.arguments["gateway"] = {"--ping-interval", "2s", "--ping-timeout", "2s"};  // dead peers show within a case
  auto started = stack::stack::start(wanted);
  if (!started) throw stack_error(started.error(), interrupt);
  auto made = std::make_unique<reference_stack>();
  made->running = std::move(*started);
  made->settings = {fmt::format("base_url=[{}]", fmt::join(made->running->base_urls(), ", ")),
                    fmt::format("socket.url=[{}]", fmt::join(made->running->socket_urls(), ", ")),
                    fmt::format("direct_urls=[{}]", fmt::join(made->running->direct_urls(), ", ")),
                    "login.jwt.secret=" + made->running->secret(), std::string("version=") + ROLLCALL_VERSION};
  return made;
}

}  // namespace cli

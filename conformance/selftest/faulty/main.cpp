// rollcall-faulty: flags, faults, server, signals.
#include "conformance/selftest/faulty/flags.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <boost/asio/signal_set.hpp>

#include <csignal>
#include <cstdio>

namespace {

void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

// One line on the descriptor that the parent listens on. False when it cannot be written.
bool report_ready(int descriptor, const std::string& address) {
  const std::string line = fmt::format("{{\"listen\":\"{}\"}}\n", address);
  const bool written = ::write(descriptor, line.data(), line.size()) == static_cast<ssize_t>(line.size());
  ::close(descriptor);
  return written;
}

int usage_error(const std::string& text) {
  fmt::print(stderr, "rollcall-faulty: {}\n", text);
  return 2;
}

int run(const faulty::Flags& flags) {
  faulty::Faults faults(flags.seed);
  for (const auto& fault : flags.faults)
    if (const auto wrong = faults.enable(fault, flags.default_rate)) return usage_error(*wrong);
  if (!flags.log.empty())
    if (const auto wrong = faults.log_to(flags.log)) return usage_error(*wrong);

  std::signal(SIGPIPE, SIG_IGN);
  raise_descriptor_limit();
  boost::asio::io_context io(1);
  faulty::Server server(io, flags.settings, faults);
  std::string address;
  try {
    const auto bound = server.listen(flags.listen);
    address = fmt::format("{}:{}", bound.address().to_string(), bound.port());
  } catch (const boost::system::system_error& error) {
    return usage_error(fmt::format("--listen: cannot listen there: {}", error.code().message()));
  }
  boost::asio::signal_set signals(io, SIGTERM, SIGINT);
  signals.async_wait([&](boost::system::error_code error, int) {
    if (!error) server.stop();
  });
  if (flags.ready_fd >= 0 && !report_ready(flags.ready_fd, address))
    return usage_error(fmt::format("--ready-fd {}: cannot be written to", flags.ready_fd));
  fmt::print(stderr, "{{\"event\":\"listening\",\"listen\":\"{}\",\"faults\":{}}}\n", address, flags.faults.size());
  io.run();
  fmt::print(stderr, "{{\"event\":\"stopped\",\"instances\":{}}}\n", faults.noted());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const auto parsed = faulty::parse_flags(argc, argv);
  if (const int* code = std::get_if<int>(&parsed)) return *code;
  const auto& flags = std::get<faulty::Flags>(parsed);
  if (flags.list_faults) {
    fmt::print("{}", faulty::fault_list());
    return 0;
  }
  try {
    return run(flags);
  } catch (const std::exception& error) {
    fmt::print(stderr, "rollcall-faulty: internal error: {}\n", error.what());
    return 70;
  }
}

#include "harness/record/machine.hpp"

#include <sched.h>
#include <sys/resource.h>
#include <sys/utsname.h>

#include <fstream>

namespace record {
namespace {

// The value of the first line "KEY : VALUE" of a file under /proc.
std::string first_value(const char* file, const std::string& key) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with(key)) {
      const auto value = line.find_first_not_of(" \t", line.find(':') + 1);
      return value == std::string::npos ? std::string() : line.substr(value);
    }
  }
  return {};
}

}  // namespace

machine this_machine() {
  machine out;
  out.cpu = first_value("/proc/cpuinfo", "model name");
  if (out.cpu.empty()) {
    out.cpu = "unknown";
  }
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  if (::sched_getaffinity(0, sizeof allowed, &allowed) == 0) {
    out.cores = static_cast<std::uint32_t>(CPU_COUNT(&allowed));
  }
  if (const auto memory = first_value("/proc/meminfo", "MemTotal"); !memory.empty()) {
    out.memory_mib = std::stoull(memory) / 1024;
  }
  ::utsname system{};
  if (::uname(&system) == 0) {
    out.kernel = std::string(system.sysname) + " " + system.release;
  }
  ::rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur != RLIM_INFINITY) {
    out.open_files = files.rlim_cur;
  }
  return out;
}

}  // namespace record

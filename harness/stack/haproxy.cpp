#include "harness/stack/http_probe.hpp"
#include "harness/stack/recipe.hpp"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <string_view>

namespace stack {
namespace fs = std::filesystem;
namespace {

std::string upper(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

// The configuration names the processes by environment; see ci/haproxy/haproxy.cfg.
class haproxy final : public recipe {
 public:
  haproxy(const account& who, fs::path program, fs::path configuration, loopback_port port,
          const std::vector<balanced>& behind)
      : who_(who), program_(std::move(program)), configuration_(std::move(configuration)), port_(std::move(port)) {
    for (const balanced& each : behind) {
      const std::string name = "ROLLCALL_" + upper(each.name);
      environment_.push_back(name + "=" + each.address);
      environment_.push_back(name + "_ADMIN=" + each.admin.substr(each.admin.find(':') + 1));
    }
    environment_.push_back("ROLLCALL_LISTEN=" + port_.address());
  }

  start_result<process::program> main_program() override {
    process::program run;
    run.file = program_;
    run.arguments = {"-db", "-f", configuration_.string()};
    run.environment = process::clean_environment();
    run.environment.insert(run.environment.end(), environment_.begin(), environment_.end());
    run.run_as = &who_;
    return run;
  }

  bool ready(pid_t) override { return says_ready(port_.address(), "/balancer/readyz"); }
  std::string address() const override { return port_.address(); }

 private:
  const account& who_;
  fs::path program_, configuration_;
  loopback_port port_;
  std::vector<std::string> environment_;
};

}  // namespace

start_result<std::unique_ptr<recipe>> make_haproxy(const account& who, const fs::path& program, const fs::path& folder,
                                                   const std::vector<balanced>& behind) {
  const fs::path configuration = folder / "haproxy.cfg";
  std::ofstream file(configuration);
  file << haproxy_configuration;
  file.close();
  std::error_code ignored;
  fs::permissions(configuration, fs::perms(0644), ignored);
  if (!file) return start_error{failure::usage, configuration.string() + ": cannot be written"};
  auto port = loopback_port::reserve();
  if (!port) return port.error();
  std::unique_ptr<recipe> made = std::make_unique<haproxy>(who, program, configuration, std::move(*port), behind);
  return made;
}

}  // namespace stack

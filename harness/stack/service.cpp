#include "harness/stack/http_probe.hpp"
#include "harness/stack/recipe.hpp"

#include <fcntl.h>

#include <boost/json.hpp>

namespace stack {
namespace {

class listening_service final : public recipe {
 public:
  listening_service(service what, loopback_port port, std::optional<loopback_port> admin)
      : what_(std::move(what)), port_(std::move(port)), admin_port_(std::move(admin)) {
    address_ = port_.address();
    if (admin_port_) admin_ = admin_port_->address();
  }

  start_result<process::program> main_program() override {
    pipe_ends ends = make_pipe();
    if (!ends.reading.open()) return system_failure("pipe", errno);
    ::fcntl(ends.reading.get(), F_SETFL, O_NONBLOCK);
    report_ = std::move(ends.reading);
    reporting_ = std::move(ends.writing);
    lines_ = {};

    process::program run;
    run.file = what_.program;
    run.arguments = {"--listen", port_.address(), "--ready-fd", "3"};
    if (admin_port_) run.arguments.insert(run.arguments.end(), {"--admin-listen", admin_port_->address()});
    run.arguments.insert(run.arguments.end(), what_.arguments.begin(), what_.arguments.end());
    run.environment = process::clean_environment();
    run.environment.push_back("ROLLCALL_SECRET=" + what_.secret);
    run.ready_fd = reporting_.get();
    return run;
  }

  void started() override { reporting_.close(); }

  bool ready(pid_t) override {
    lines_.read_once(report_.get());
    const std::optional<std::string> line = lines_.next();
    if (!line) return false;
    boost::system::error_code problem;
    const boost::json::value report = boost::json::parse(*line, problem);
    if (problem || !report.is_object()) return false;
    const auto text = [&](const char* key, const std::string& otherwise) {
      const boost::json::value* found = report.as_object().if_contains(key);
      return found && found->is_string() ? std::string(found->as_string()) : otherwise;
    };
    address_ = text("listen", address_);
    admin_ = text("admin", admin_);
    report_.close();
    return true;
  }

  bool serves() override { return !admin_port_ || admin_.empty() || says_ready(admin_, "/readyz"); }

  std::string address() const override { return address_; }
  std::string admin() const override { return admin_; }

 private:
  service what_;
  loopback_port port_;
  std::optional<loopback_port> admin_port_;
  descriptor report_, reporting_;
  line_reader lines_;
  std::string address_, admin_;
};

}  // namespace

start_result<std::unique_ptr<recipe>> make_service(service what) {
  auto port = loopback_port::reserve();
  if (!port) return port.error();
  std::optional<loopback_port> admin;
  if (what.admin) {
    auto second = loopback_port::reserve();
    if (!second) return second.error();
    admin = std::move(*second);
  }
  std::unique_ptr<recipe> made =
      std::make_unique<listening_service>(std::move(what), std::move(*port), std::move(admin));
  return made;
}

}  // namespace stack

// The admin port of the gateway: /healthz (the process runs), /readyz (Redis answers) and /metrics. Owned by main, on
// the loop's thread; only reads what it shows.
#pragma once

#include "reference-server/gateway/hub.hpp"
#include "reference-server/gateway/shared_port.hpp"
#include "reference-server/http/exchange.hpp"

namespace gateway {

class admin final : public http::service {
 public:
  explicit admin(const hub& of) : hub_(of) {}
  void show(const shared_port& port) { shared_ = &port; }
  void serve(http::exchange asked) override;

 private:
  http::response readiness() const;
  http::response metrics() const;

  const hub& hub_;
  const shared_port* shared_ = nullptr;
};

}  // namespace gateway

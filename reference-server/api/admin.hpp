// The admin port: /healthz (the process runs), /readyz (PostgreSQL answers; Redis's state is told), /metrics.
// Owned by the application, on its thread.
#pragma once

#include "reference-server/api/readers.hpp"
#include "reference-server/api/writer.hpp"
#include "reference-server/http/exchange.hpp"

namespace api {

class admin final : public http::service {
 public:
  admin(const readers& database, const writer& into) : readers_(database), writer_(into) {}
  void serve(http::exchange asked) override;

 private:
  http::response readiness() const;
  http::response metrics() const;

  const readers& readers_;
  const writer& writer_;
};

}  // namespace api

// The admin port: /healthz (the process runs), /readyz (PostgreSQL answers; Redis's state is told), /metrics.
// Owned by the application, on its thread.
#pragma once

#include "reference-server/api/readers.hpp"
#include "reference-server/api/request_counts.hpp"
#include "reference-server/api/writer.hpp"
#include "reference-server/http/exchange.hpp"
#include "reference-server/http/server.hpp"

namespace api {

class admin final : public http::service {
 public:
  admin(const http::server& server, const request_counts& requests, const readers& database, const writer& into)
      : server_(server), requests_(requests), readers_(database), writer_(into) {}
  void serve(http::exchange asked) override;

 private:
  http::response readiness() const;
  http::response metrics() const;

  const http::server& server_;
  const request_counts& requests_;
  const readers& readers_;
  const writer& writer_;
};

}  // namespace api

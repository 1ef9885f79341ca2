// The REST service: takes each request through the checks in the contract's order (path, method, credentials), then
// hands it to the action of its route. Owned by the application, on its thread.
#pragma once

#include "reference-server/api/call.hpp"
#include "reference-server/api/chats.hpp"
#include "reference-server/api/cors.hpp"
#include "reference-server/api/login.hpp"
#include "reference-server/api/messages.hpp"
#include "reference-server/api/request_counts.hpp"
#include "reference-server/api/routes.hpp"
#include "reference-server/http/exchange.hpp"
#include "reference-server/token/checked_tokens.hpp"

namespace api {

class rest final : public http::service {
 public:
  // `dev_login` is null when logging in by name is off.
  rest(const token::signer& signer, cors pages, chats& chats, messages& messages, login* dev_login)
      : tokens_(signer), cors_(std::move(pages)), chats_(chats), messages_(messages), login_(dev_login) {}

  void serve(http::exchange asked) override;
  const request_counts& counted() const { return counted_; }
  void answering(const http::request& asked, http::response& answer, std::chrono::nanoseconds took) override;

 private:
  http::response no_action(const http::request& request, const matched& found) const;
  bool identify(call& asked);
  void act(action what, call asked);

  token::checked_tokens tokens_;
  cors cors_;
  chats& chats_;
  messages& messages_;
  login* login_;
  request_counts counted_;
};

}  // namespace api

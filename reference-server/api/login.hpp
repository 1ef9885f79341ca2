// POST /api/v1/login/: a token for any name, for the web client and for trying things by hand. Only with --dev-login.
#pragma once

#include "reference-server/api/call.hpp"
#include "reference-server/token/token.hpp"

namespace api {

class login {
 public:
  explicit login(const token::signer& signer) : signer_(signer) {}
  void log_in(call asked);

 private:
  const token::signer& signer_;
};

}  // namespace api

#include "reference-server/api/login.hpp"

#include "reference-server/api/checked_body.hpp"

#include <chrono>
#include <ctime>

namespace api {
namespace {

std::string rfc3339(token::time_point at) {
  const std::time_t seconds = std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  char text[40];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S.000000Z", &parts)};
}

}  // namespace

void login::log_in(call asked) {
  const auto user = checked_body(asked, [](std::string_view body) { return parse_user_field(body, "user"); });
  if (!user) {
    return;
  }
  const token::time_point expires_at =
      std::chrono::ceil<std::chrono::seconds>(std::chrono::system_clock::now()) + std::chrono::hours(1);
  http::response answer;
  answer.body =
      "{\"token\":\"" + signer_.mint(*user, expires_at) + "\",\"expires_at\":\"" + rfc3339(expires_at) + "\"}";
  answer.headers = "Cache-Control: no-store\r\n";
  asked.answer(std::move(answer));
}

}  // namespace api

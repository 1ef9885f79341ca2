#include "harness/ledger/live/live_finding.hpp"

namespace ledger {
namespace {

std::string number(auto id) {
  return std::to_string(static_cast<std::uint32_t>(id));
}

std::string called(const message_key& message) {
  return "message " + number(message.sequence) + " of user " + number(message.sender) + " in chat " +
         number(message.chat);
}

}  // namespace

std::string sentence(const live_finding& value) {
  auto text = called(value.message) + ": " + std::string(name(value.kind));
  text[0] = 'M';
  if (value.socket) {
    text += ", on socket " + number(*value.socket);
  }
  if (value.user) {
    text += (value.socket ? " of user " : ", read by user ") + number(*value.user);
  }
  if (value.other) {
    text += ", behind " + called(*value.other);
  }
  if (value.basis) {
    text += " (order by " + std::string(name(*value.basis)) + ")";
  }
  return text + " (" + in_seconds(value.at) + " into the run).";
}

}  // namespace ledger

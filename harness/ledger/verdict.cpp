#include "harness/ledger/verdict.hpp"

#include "harness/ledger/trace.hpp"

#include <algorithm>

namespace ledger {
namespace {

constexpr std::array<std::string_view, finding_classes> names = {"lost",
                                                                 "late",
                                                                 "duplicated",
                                                                 "misrouted",
                                                                 "replayed",
                                                                 "reordered",
                                                                 "corrupted",
                                                                 "phantom",
                                                                 "refused but delivered",
                                                                 "refused but stored",
                                                                 "missing from history",
                                                                 "repeated in history",
                                                                 "delivered but not stored"};

std::string called(message_id message, const trace& of) {
  const auto& key = of.key(message);
  return "message " + std::to_string(key.sequence) + " of " + std::string(of.name(key.sender)) + " in chat " +
         std::string(of.name(key.chat));
}

std::string what_happened(const finding& value, const std::string& socket, const std::string& other) {
  switch (value.kind) {
    case finding_class::lost:
      return "was acknowledged and never came to " + socket +
             (value.other ? ", though the later " + other + " did" : ", which stayed ready to the deadline");
    case finding_class::late:
      return "came to " + socket + " only after the deadline";
    case finding_class::duplicated:
      return "came to " + socket + " " + std::to_string(value.proof.size()) + " times";
    case finding_class::misrouted:
      return value.socket ? "came to " + socket + ", where it does not belong"
                          : "is in a history where it does not belong";
    case finding_class::replayed:
      return "came to " + socket + ", which was opened when the message was over";
    case finding_class::reordered:
      return "came to " + socket + " behind the later " + other +
             (value.basis ? " (order by " + std::string(name(*value.basis)) + ")" : "");
    case finding_class::corrupted:
      return (value.socket ? "came to " + socket : std::string("stands in history")) +
             " with another body than was sent";
    case finding_class::phantom:
      return (value.socket ? "came to " + socket : std::string("stands in history")) + " and was never sent";
    case finding_class::refused_but_delivered:
      return "was refused and came to " + socket;
    case finding_class::refused_but_stored:
      return "was refused and stands in history";
    case finding_class::missing_from_history:
      return "was acknowledged and is missing from a whole walk through history begun afterwards";
    case finding_class::repeated_in_history:
      return "stands more than once in one walk through history";
    case finding_class::delivered_not_stored:
      return "was delivered and is missing from a whole walk through history begun afterwards";
  }
  return {};
}

}  // namespace

std::string in_seconds(instant time) {
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
  auto fraction = std::to_string(milliseconds % 1000);
  fraction.insert(0, 3 - fraction.size(), '0');
  return std::to_string(milliseconds / 1000) + "." + fraction + " s";
}

std::string_view name(finding_class value) {
  return names.at(static_cast<std::size_t>(value));
}

std::string_view name(order_basis value) {
  constexpr std::array<std::string_view, 3> bases = {"id", "history", "sequence"};
  return bases.at(static_cast<std::size_t>(value));
}

std::uint64_t verdict::count(finding_class kind) const {
  return static_cast<std::uint64_t>(
      std::count_if(findings.begin(), findings.end(), [kind](const finding& one) { return one.kind == kind; }));
}

std::string sentence(const finding& value, const trace& of) {
  const auto user = value.user ? std::string(of.name(*value.user)) : std::string("nobody");
  const auto socket =
      value.socket ? "socket " + std::to_string(static_cast<std::uint32_t>(*value.socket)) + " of " + user : "";
  const auto other = value.other ? called(*value.other, of) : std::string();
  auto text = value.message ? called(*value.message, of) : std::string("a message");
  text[0] = static_cast<char>(text[0] - 'a' + 'A');
  text += " " + what_happened(value, socket, other);
  if (!value.socket) {
    text += ", read by " + user;
  }
  return text + " (" + in_seconds(value.at) + " into the run).";
}

}  // namespace ledger

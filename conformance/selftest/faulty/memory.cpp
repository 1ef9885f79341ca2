#include "conformance/selftest/faulty/memory.hpp"

#include <algorithm>

namespace faulty {
namespace {

constexpr std::chrono::milliseconds outbox_age{1000};   // a letter is sent again only on sockets opened after this
constexpr std::chrono::milliseconds outbox_delay{300};  // and this long after they opened
constexpr std::size_t most_in_hello = 20;

}  // namespace

void Memory::routed(const MessagePtr& message, const Frame& frame, bool reached, Time now) {
  const Mailbox::Letter letter{message, frame, now};
  const std::string& user = message->recipient;
  if (!reached && faults_.strikes(Fault::replay_on_connect, message->chat)) missed_.keep(user, letter);
  if (!reached && faults_.strikes(Fault::replay_on_second_connect, message->chat)) missed_before_.keep(user, letter);
  if (faults_.strikes(Fault::replay_late, message->chat)) outbox_.keep(user, letter);
  if (reached && faults_.strikes(Fault::unacked_resent, message->chat)) last_.insert_or_assign(user, letter);
  if (faults_.strikes(Fault::history_in_hello, message->chat)) {
    auto& kept = last_twenty_[user];
    kept.push_back(letter);
    if (kept.size() > most_in_hello) kept.pop_front();
  }
}

void Memory::opened(const std::string& user, Subscriber& socket, Time now) {
  greet(user, socket);
  send_again(Fault::replay_on_connect, user, socket, missed_.take(user, now));
  send_again(Fault::replay_on_second_connect, user, socket, missed_long_.take(user, now));
  for (auto& letter : missed_before_.take(user, now)) missed_long_.keep(user, std::move(letter));
  if (const auto found = unacked_.extract(user); !found.empty())
    send_again(Fault::unacked_resent, user, socket, {found.mapped()});
  if (faults_.is_on(Fault::replay_late)) recently_opened_.push_back({user, &socket, now});
}

void Memory::detached(const std::string& user, Subscriber& socket) {
  std::erase_if(recently_opened_, [&](const Opened& opened) { return opened.socket == &socket; });
  if (auto found = last_.extract(user); !found.empty()) unacked_.insert_or_assign(user, std::move(found.mapped()));
}

void Memory::send_again(Fault fault, const std::string& user, Subscriber& socket,
                        const std::vector<Mailbox::Letter>& letters) {
  for (const auto& letter : letters) {
    faults_.note(fault, {.of = letter.message.get(), .user = user, .socket = socket.peer()});
    socket.deliver(letter.frame);
  }
}

void Memory::greet(const std::string& user, Subscriber& socket) {
  const auto found = last_twenty_.find(user);
  if (found == last_twenty_.end()) return;
  std::string json;
  for (const auto& letter : found->second) json += (json.empty() ? "" : ",") + to_json(*letter.message);
  faults_.note(Fault::history_in_hello, {.user = user, .socket = socket.peer()});
  socket.deliver(std::make_shared<const std::string>(R"({"event":"hello","data":{"recent":[)" + json + "]}}"));
}

void Memory::tick(Time now) {
  const auto due = std::stable_partition(recently_opened_.begin(), recently_opened_.end(),
                                         [&](const Opened& opened) { return opened.when + outbox_delay > now; });
  const std::vector<Opened> ready(due, recently_opened_.end());
  recently_opened_.erase(due, recently_opened_.end());
  for (const Opened& opened : ready)
    send_again(Fault::replay_late, opened.user, *opened.socket, outbox_.take(opened.user, opened.when - outbox_age));
}

}  // namespace faulty

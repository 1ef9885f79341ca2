#include "conformance/selftest/faulty/router.hpp"

#include <algorithm>

namespace faulty {
namespace {

constexpr std::chrono::milliseconds outbox_age{1000};   // a letter is sent again only on sockets opened after this
constexpr std::chrono::milliseconds outbox_delay{300};  // and this long after they opened

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

}  // namespace

void Router::attach(const std::string& user, Subscriber& socket, std::uint64_t position) {
  auto& sockets = users_[user];
  if (!sockets.empty() && faults_.strikes(Fault::last_socket_only)) {
    for (const Attached& old : sockets)
      faults_.note(Fault::last_socket_only, {.user = user, .socket = old.socket->peer()});
    sockets.clear();
  }
  sockets.push_back({&socket, position});
}

void Router::opened(const std::string& user, Subscriber& socket) {
  const auto now = Mailbox::Clock::now();
  for (const auto& letter : missed_.take(user, now)) {
    faults_.note(Fault::replay_on_connect, {.of = letter.message.get(), .user = user, .socket = socket.peer()});
    socket.deliver(letter.frame);
  }
  if (faults_.is_on(Fault::replay_late)) recently_opened_.push_back({user, &socket, now});
}

void Router::detach(const std::string& user, Subscriber& socket) {
  std::erase_if(recently_opened_, [&](const Opened& opened) { return opened.socket == &socket; });
  const auto found = users_.find(user);
  if (found == users_.end()) return;
  std::erase_if(found->second, [&](const Attached& attached) { return attached.socket == &socket; });
  if (found->second.empty()) users_.erase(found);
}

std::vector<Subscriber*> Router::attached_before(const Users::value_type& entry, std::uint64_t position) {
  std::vector<Subscriber*> sockets;
  for (const Attached& attached : entry.second)
    if (attached.position < position) sockets.push_back(attached.socket);
  return sockets;
}

std::vector<Subscriber*> Router::addressees(const Publication& publication) const {
  const auto found = users_.find(publication.message->recipient);
  if (found == users_.end()) return {};
  return attached_before(*found, publication.position);
}

void Router::route(const Publication& publication) {
  const Message& message = *publication.message;
  const auto sockets = addressees(publication);
  if (faults_.strikes(Fault::deliver_nothing, message.chat)) {
    for (const Subscriber* socket : sockets)
      faults_.note(Fault::deliver_nothing, {.of = &message, .user = message.recipient, .socket = socket->peer()});
    return;
  }
  const Frame frame = encode(publication);
  for (Subscriber* socket : sockets) socket->deliver(frame);
  keep_for_later(publication, frame, !sockets.empty());
  stray(publication, frame);
}

void Router::deliver(Fault fault, const Users::value_type& entry, const Publication& publication, const Frame& frame) {
  const Message& message = *publication.message;
  for (Subscriber* socket : attached_before(entry, publication.position)) {
    faults_.note(fault, {.of = &message, .user = entry.first, .socket = socket->peer()});
    socket->deliver(frame);
  }
}

void Router::stray(const Publication& publication, const Frame& frame) {
  const Message& message = *publication.message;
  if (faults_.strikes(Fault::broadcast, message.chat))
    for (const auto& entry : users_)
      if (entry.first != message.recipient) deliver(Fault::broadcast, entry, publication, frame);
  if (faults_.strikes(Fault::misroute, message.chat) && !users_.empty()) {
    auto next = users_.upper_bound(message.recipient);
    if (next == users_.end()) next = users_.begin();
    if (next->first != message.recipient) deliver(Fault::misroute, *next, publication, frame);
  }
  if (faults_.is_on(Fault::echo_to_sender)) {
    const auto sender = users_.find(message.sender);
    if (sender != users_.end() && faults_.strikes(Fault::echo_to_sender, message.chat))
      deliver(Fault::echo_to_sender, *sender, publication, frame);
  }
  if (faults_.is_on(Fault::socket_unauthenticated_gets_frames)) {
    const auto nobody = users_.find("");
    if (nobody != users_.end()) deliver(Fault::socket_unauthenticated_gets_frames, *nobody, publication, frame);
  }
}

Frame Router::encode(const Publication& publication) {
  const Message& message = *publication.message;
  std::string json = to_json(message);
  if (faults_.strikes(Fault::corrupt, message.chat)) {
    Message copy = message;
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < copy.body.size(); ++i)
      if (is_alphanumeric(copy.body[i])) places.push_back(i);
    if (!places.empty()) {
      char& victim = copy.body[places[faults_.draw(Fault::corrupt, places.size())]];
      victim = victim == 'x' ? 'y' : 'x';
      json = to_json(copy);
      for (const Subscriber* socket : addressees(publication))
        faults_.note(Fault::corrupt, {.of = &message, .user = message.recipient, .socket = socket->peer()});
    }
  }
  return std::make_shared<const std::string>(R"({"event":"message","data":)" + json + "}");
}

void Router::keep_for_later(const Publication& publication, const Frame& frame, bool reached) {
  const Message& message = *publication.message;
  const auto now = Mailbox::Clock::now();
  if (!reached && faults_.strikes(Fault::replay_on_connect, message.chat))
    missed_.keep(message.recipient, {publication.message, frame, now});
  if (faults_.strikes(Fault::replay_late, message.chat))
    outbox_.keep(message.recipient, {publication.message, frame, now});
}

void Router::tick(std::chrono::steady_clock::time_point now) {
  const auto due = std::stable_partition(recently_opened_.begin(), recently_opened_.end(),
                                         [&](const Opened& opened) { return opened.when + outbox_delay > now; });
  const std::vector<Opened> ready(due, recently_opened_.end());
  recently_opened_.erase(due, recently_opened_.end());
  for (const Opened& opened : ready)
    for (const auto& letter : outbox_.take(opened.user, opened.when - outbox_age)) {
      faults_.note(Fault::replay_late,
                   {.of = letter.message.get(), .user = opened.user, .socket = opened.socket->peer()});
      opened.socket->deliver(letter.frame);
    }
}

}  // namespace faulty

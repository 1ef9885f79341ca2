#include "conformance/selftest/faulty/router.hpp"

#include <boost/json.hpp>

#include <algorithm>

namespace faulty {
namespace {

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

}  // namespace

void Router::attach(const std::string& user, Subscriber& socket, std::uint64_t position, std::int64_t newest_chat) {
  if (left_behind_.contains(user)) {
    faults_.note(Fault::aborted_socket_swallows, {.user = user, .socket = socket.peer()});
    return;
  }
  auto& sockets = users_[user];
  if (!sockets.empty() && faults_.strikes(Fault::last_socket_only)) {
    for (const Attached& old : sockets)
      faults_.note(Fault::last_socket_only, {.user = user, .socket = old.socket->peer()});
    sockets.clear();
  }
  int handlers = 1;
  if (faults_.strikes(Fault::handler_per_reconnect))
    handlers = sockets.empty() ? ++connections_[user] : connections_[user];
  sockets.insert(sockets.end(), static_cast<std::size_t>(handlers), {&socket, position, newest_chat});
}

void Router::opened(const std::string& user, Subscriber& socket) {
  memory_.opened(user, socket, Mailbox::Clock::now());
}

void Router::detach(const std::string& user, Subscriber& socket) {
  memory_.detached(user, socket);
  const auto found = users_.find(user);
  if (found == users_.end()) return;
  std::erase_if(found->second, [&](const Attached& attached) { return attached.socket == &socket; });
  if (found->second.empty()) users_.erase(found);
}

void Router::forget(const std::string& user) {
  const auto found = users_.extract(user);
  if (found.empty()) return;
  for (const Attached& attached : found.mapped())
    faults_.note(Fault::late_close_detaches_new, {.user = user, .socket = attached.socket->peer()});
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

void Router::drop_newcomers(const Publication& publication, std::vector<Subscriber*>& sockets) {
  const Message& message = *publication.message;
  const auto found = users_.find(message.recipient);
  if (found == users_.end() || !faults_.strikes(Fault::membership_cached_at_connect, message.chat)) return;
  for (const Attached& attached : found->second)
    if (attached.newest_chat < message.chat && std::erase(sockets, attached.socket) > 0)
      faults_.note(Fault::membership_cached_at_connect,
                   {.of = &message, .user = message.recipient, .socket = attached.socket->peer()});
}

void Router::route(const Publication& publication) {
  const Message& message = *publication.message;
  auto sockets = addressees(publication);
  if (faults_.strikes(Fault::deliver_nothing, message.chat)) {
    for (const Subscriber* socket : sockets)
      faults_.note(Fault::deliver_nothing, {.of = &message, .user = message.recipient, .socket = socket->peer()});
    return;
  }
  if (faults_.is_on(Fault::membership_cached_at_connect)) drop_newcomers(publication, sockets);
  const Frame frame = encode(publication);
  const Subscriber* before = nullptr;
  for (Subscriber* socket : sockets) {
    if (socket == before)
      faults_.note(Fault::handler_per_reconnect, {.of = &message, .user = message.recipient, .socket = socket->peer()});
    before = socket;
    socket->deliver(frame);
  }
  memory_.routed(publication.message, frame, !sockets.empty(), Mailbox::Clock::now());
  stray(publication, frame);
}

void Router::deliver(Fault fault, const Users::value_type& entry, const Publication& publication, const Frame& frame) {
  for (Subscriber* socket : attached_before(entry, publication.position)) {
    faults_.note(fault, {.of = publication.message.get(), .user = entry.first, .socket = socket->peer()});
    socket->deliver(frame);
  }
}

void Router::stray(const Publication& publication, const Frame& frame) {
  const Message& message = *publication.message;
  if (faults_.strikes(Fault::broadcast, message.chat))
    for (const auto& entry : users_)
      if (entry.first != message.recipient) deliver(Fault::broadcast, entry, publication, frame);
  if (faults_.strikes(Fault::misroute, message.chat)) misroute(publication, frame);
  if (faults_.is_on(Fault::fan_out_to_contacts)) {
    contacts_[message.sender].insert(message.recipient);
    contacts_[message.recipient].insert(message.sender);
    if (faults_.strikes(Fault::fan_out_to_contacts, message.chat))
      for (const auto& entry : users_)
        if (entry.first != message.recipient && contacts_[message.sender].contains(entry.first))
          deliver(Fault::fan_out_to_contacts, entry, publication, frame);
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

// The next user after the recipient who is connected and not in the chat.
void Router::misroute(const Publication& publication, const Frame& frame) {
  const Message& message = *publication.message;
  auto next = users_.upper_bound(message.recipient);
  for (std::size_t i = 0; i < users_.size(); ++i, ++next) {
    if (next == users_.end()) next = users_.begin();
    if (next->first == message.sender || next->first == message.recipient || next->first.empty()) continue;
    if (attached_before(*next, publication.position).empty()) continue;
    return deliver(Fault::misroute, *next, publication, frame);
  }
}

std::string Router::frame_body(const Publication& publication) {
  const Message& message = *publication.message;
  std::string body = message.body;
  const auto note = [&](Fault fault) {
    for (const Subscriber* socket : addressees(publication))
      faults_.note(fault, {.of = &message, .user = message.recipient, .socket = socket->peer()});
  };
  if (faults_.strikes(Fault::corrupt, message.chat)) {
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < body.size(); ++i)
      if (is_alphanumeric(body[i])) places.push_back(i);
    if (!places.empty()) {
      char& victim = body[places[faults_.draw(Fault::corrupt, places.size())]];
      victim = victim == 'x' ? 'y' : 'x';
      note(Fault::corrupt);
    }
  }
  const std::string escaped = boost::json::serialize(boost::json::string(body));
  if (escaped.size() != body.size() + 2 && faults_.strikes(Fault::body_escaped_twice, message.chat)) {
    body = escaped.substr(1, escaped.size() - 2);
    note(Fault::body_escaped_twice);
  }
  return body;
}

Frame Router::encode(const Publication& publication) {
  Message message = *publication.message;
  message.body = frame_body(publication);
  return std::make_shared<const std::string>(R"({"event":"message","data":)" + to_json(message) + "}");
}

}  // namespace faulty

#include "reference-server/gateway/router.hpp"

#include <cassert>

namespace gateway {

const router::member* router::find(socket_id id) const {
  if (id.life == 0 || id.place >= members_.size() || members_[id.place].id != id) return nullptr;
  return &members_[id.place];
}

void router::wait(socket_id id, std::string_view user) {
  if (id.place >= members_.size()) members_.resize(id.place + 1);
  member& m = members_[id.place];
  assert(m.id.life == 0 && id.life != 0);
  auto found = users_.find(user);
  if (found == users_.end()) found = users_.emplace(std::string(user), devices{}).first;
  ++found->second.waiting;
  m = {id, &*found, none, none, false};
}

bool router::attach(socket_id id) {
  if (find(id) == nullptr) return false;
  member& m = members_[id.place];
  if (m.attached) return false;
  devices& all = m.user->second;
  --all.waiting;
  m.attached = true;
  m.previous = all.last;
  (all.last == none ? all.first : members_[all.last].next) = id.place;
  all.last = id.place;
  return true;
}

std::optional<std::string> router::leave(socket_id id) {
  if (find(id) == nullptr) return std::nullopt;
  member& m = members_[id.place];
  devices& all = m.user->second;
  if (m.attached) {
    (m.previous == none ? all.first : members_[m.previous].next) = m.next;
    (m.next == none ? all.last : members_[m.next].previous) = m.previous;
  } else {
    --all.waiting;
  }
  auto* const user = m.user;
  m = {};
  if (all.first != none || all.waiting > 0) return std::nullopt;
  return users_.extract(users_.find(user->first)).key();
}

std::string_view router::user_of(socket_id id) const {
  const auto* m = find(id);
  return m == nullptr ? std::string_view{} : m->user->first;
}

bool router::attached(socket_id id) const {
  const auto* m = find(id);
  return m != nullptr && m->attached;
}

}  // namespace gateway

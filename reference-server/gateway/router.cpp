#include "reference-server/gateway/router.hpp"

#include <cassert>

namespace gateway {

const router::member* router::find(socket_id id) const {
  const auto& all = members_[id.is_session()];
  if (id.life == 0 || id.index() >= all.size() || all[id.index()].id != id) return nullptr;
  return &all[id.index()];
}

void router::wait(socket_id id, std::string_view user) {
  if (auto& table = members_[id.is_session()]; id.index() >= table.size()) table.resize(id.index() + 1);
  member& m = at(id.place);
  assert(m.id.life == 0 && id.life != 0);
  auto found = users_.find(user);
  if (found == users_.end()) found = users_.emplace(std::string(user), devices{}).first;
  ++found->second.waiting;
  m = {id, &*found, none, none, false};
}

bool router::attach(socket_id id) {
  if (find(id) == nullptr) return false;
  member& m = at(id.place);
  if (m.attached) return false;
  devices& all = m.user->second;
  --all.waiting;
  m.attached = true;
  m.previous = all.last;
  (all.last == none ? all.first : at(all.last).next) = id.place;
  all.last = id.place;
  return true;
}

std::optional<std::string> router::leave(socket_id id) {
  if (find(id) == nullptr) return std::nullopt;
  member& m = at(id.place);
  devices& all = m.user->second;
  if (m.attached) {
    (m.previous == none ? all.first : at(m.previous).next) = m.next;
    (m.next == none ? all.last : at(m.next).previous) = m.previous;
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

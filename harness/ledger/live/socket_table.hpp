// The sockets of a live ledger: those that are open, and those that are over but that some message still asks about.
//
// Owned by one live ledger. A slot is handed out again when its socket is gone and no message refers to it.
#pragma once

#include "harness/ledger/event.hpp"
#include "harness/ledger/moment.hpp"

#include <cstdint>
#include <vector>

namespace ledger::live {

inline constexpr std::uint32_t none = 0xffff'ffff;

struct open_socket {
  user_id user{};
  std::uint32_t number = 0;  // counts all sockets of the ledger from 0
  std::uint32_t generation = 0;
  std::uint32_t next_of_user = none;  // another socket of the user that is not gone
  std::uint32_t references = 0;       // meetings of messages with it
  moment started;
  moment ready;            // place 0: not yet
  moment ended;            // place 0: not yet
  bool announces = false;  // the server closed it with a code that says so
  bool gone = true;        // nothing more is read from it

  bool is_ready() const { return ready.place != 0 && ended.place == 0; }
  bool has_ended() const { return ended.place != 0; }
};

class socket_table {
 public:
  std::uint32_t start(user_id user, const moment& now);
  void gone(std::uint32_t slot);
  void refer(std::uint32_t slot) { ++sockets_[slot].references; }
  void release(std::uint32_t slot);

  // The slot of a handle. Throws std::out_of_range when the handle is over.
  open_socket& at(std::uint32_t slot, std::uint32_t generation);
  open_socket& operator[](std::uint32_t slot) { return sockets_[slot]; }
  const open_socket& operator[](std::uint32_t slot) const { return sockets_[slot]; }
  std::uint32_t size() const { return static_cast<std::uint32_t>(sockets_.size()); }

 private:
  void reuse(std::uint32_t slot);

  std::vector<open_socket> sockets_;
  std::vector<std::uint32_t> free_;
  std::uint32_t started_ = 0;
};

}  // namespace ledger::live

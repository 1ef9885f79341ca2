// Which faults are switched on, when each strikes, and the log of every instance. Owned by main, used by every part of
// the server on its one thread. Each fault draws from a random stream of its own, so the instances of one fault do not
// depend on which others are on. One JSON line per instance, written through at once: what the file holds has happened.
#pragma once

#include "conformance/selftest/faulty/fault_table.hpp"

#include <array>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>

namespace faulty {

struct Message;

// What an instance touched; zero or empty when it does not apply. `of` is the message itself, where there is one: it
// adds its id, chat, sender, recipient and the first word of its text. `socket` is the client's address as the server
// sees it ("127.0.0.1:40001"), so that a client can tell its own sockets.
struct Instance {
  const Message* of = nullptr;
  std::int64_t message = 0;
  std::int64_t chat = 0;
  std::string_view user = {};
  std::string_view socket = {};
};

class Faults {
 public:
  explicit Faults(std::uint64_t seed);

  // Switches on what "NAME", "NAME=RATE" or "NAME[=RATE]@K/N" says: RATE in [0, 1] (default `default_rate`) is the
  // chance per occasion; @K/N limits the fault to chats whose id modulo N is K. Returns what is wrong, or nothing.
  std::optional<std::string> enable(std::string_view text, double default_rate = 1);

  // Opens the log for appending; returns what went wrong, or nothing. Without a log instances are not written.
  std::optional<std::string> log_to(const std::string& path);

  bool is_on(Fault fault) const { return at(fault).on; }

  // True when the fault is on, covers the chat (0: an occasion outside chats) and the draw of its stream hits.
  bool strikes(Fault fault, std::int64_t chat = 0);

  // A number below `bound` (> 0) from the fault's stream.
  std::uint64_t draw(Fault fault, std::uint64_t bound) { return at(fault).stream() % bound; }

  void note(Fault fault, const Instance& instance);

  // Instances noted so far.
  std::uint64_t noted() const { return noted_; }

 private:
  struct Switch {
    bool on = false;
    double rate = 1;
    std::int64_t slot = 0, slots = 1;
    std::mt19937_64 stream;
  };
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  Switch& at(Fault fault) { return switches_[static_cast<std::size_t>(fault)]; }
  const Switch& at(Fault fault) const { return switches_[static_cast<std::size_t>(fault)]; }

  std::array<Switch, fault_table.size()> switches_;
  std::unique_ptr<std::FILE, Close> log_;
  std::uint64_t noted_ = 0;
};

}  // namespace faulty

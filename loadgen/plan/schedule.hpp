// The whole plan of a run, moment by moment: who sends in which chat, who comes, who leaves. Drawn from the seed alone,
// cell by cell, so the same seed gives the same schedule on any number of workers. Pure; time only goes forward.
#pragma once

#include "loadgen/plan/arrivals.hpp"
#include "loadgen/plan/population.hpp"
#include "loadgen/plan/random_stream.hpp"

#include <chrono>
#include <cstdint>
#include <queue>
#include <vector>

namespace loadgen {

struct load_shape {
  std::uint64_t seed = 1;
  double rate = 0;  // sends a second, all cells together, > 0
  arrival_kind kind = arrival_kind::constant;
  double online = 1;                   // share of the time that a user is connected, 0 to 1
  std::chrono::nanoseconds session{};  // mean time between coming and leaving; 0: who is there stays
};

struct planned {
  enum class what : std::uint8_t { come, leave, send };
  std::chrono::nanoseconds at{};
  what kind = what::send;
  std::uint32_t user = 0;  // who comes, leaves or sends
  std::uint32_t chat = 0;  // of a send
  friend bool operator==(const planned&, const planned&) = default;
};

// One cell's part of the plan.
class cell_schedule {
 public:
  cell_schedule(const cell& of, std::uint32_t cells, const load_shape& shape);

  // Who is connected when the load begins.
  const std::vector<std::uint32_t>& first_users() const { return first_; }

  std::chrono::nanoseconds next_at() const;
  // The next moment. Senders are drawn from those who are there; when nobody is, from all of the cell.
  planned next();

 private:
  struct toggle {
    std::chrono::nanoseconds at{};
    std::uint32_t user = 0;
    bool operator>(const toggle& other) const { return at != other.at ? at > other.at : user > other.user; }
  };

  void plan_toggle(std::uint32_t user, std::chrono::nanoseconds from);
  void set_there(std::uint32_t user, bool there);

  cell cell_;
  load_shape shape_;
  arrivals arrivals_;
  random_stream choices_;
  random_stream presence_;
  std::vector<std::uint32_t> first_;
  std::vector<std::uint32_t> there_;   // in no order
  std::vector<std::uint32_t> places_;  // of each user in there_; users.size() where it is not
  std::priority_queue<toggle, std::vector<toggle>, std::greater<>> toggles_;
};

// Several cells as one stream in the order of time (then of cells).
class schedule {
 public:
  schedule(const std::vector<cell>& own, std::uint32_t cells, const load_shape& shape);

  std::vector<std::uint32_t> first_users() const;
  std::chrono::nanoseconds next_at() const { return heads_.top().at; }
  planned next();

 private:
  struct head {
    std::chrono::nanoseconds at{};
    std::size_t cell = 0;
    bool operator>(const head& other) const { return at != other.at ? at > other.at : cell > other.cell; }
  };

  std::vector<cell_schedule> cells_;
  std::priority_queue<head, std::vector<head>, std::greater<>> heads_;
};

}  // namespace loadgen

// A seeded simulation of a correct chat backend and of a harness that watches it, with at most one fault planted.
//
// Users come and go, POSTs are refused, time out and are retried, sockets are closed by either side, cut, or closed
// with 1012 after a loss, walks through history overlap with writing, and the harness itself may sleep for 15 s.
// Time is in whole milliseconds and short, so that many events fall together. For tests only.
#pragma once

#include "harness/ledger/judge.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace ledger {

enum class fault : std::uint8_t {
  none,
  loss,
  duplicate,
  misroute,
  replay,
  reorder,
  corrupt,
  phantom,
  missing_row,
  repeated_row,
  refused_row,
  refused_frame
};

struct variant {
  bool churn = true;
  bool sleeps = false;      // the harness sleeps once
  bool echo = false;        // the sender's sockets get the message too
  bool numbered = true;     // ids are numbers and ordered; else text
  bool with_text = true;    // frames carry the body; else the id alone
  bool replays = false;     // what was missed comes on the next socket
  bool patient = true;      // nobody leaves a socket whose loss is still to be announced
  bool broadcasts = false;  // everybody's sockets get the message, but for its sender's
  long warm_up = 0;         // a socket may be attached so much later than it is told
};

class simulator {
 public:
  simulator(std::uint64_t seed, const variant& how, fault planted);

  ledger::trace trace{"sim001"};
  ledger::rules rules;

  // The fault, once it has shown (or kept from showing) something; none when no occasion came up.
  struct planted_fault {
    message_id message{};
    std::optional<socket_id> socket;
  };
  std::optional<planted_fault> planted;
  std::uint64_t certain_pairs =
      0;  // messages acknowledged by their first POST times sockets of the recipient ready then

 private:
  enum class course : std::uint8_t { normal, refused, answer_lost, not_published, not_stored };
  struct message {
    message_id id{};
    int from = 0;
    int to = 0;
    course runs = course::normal;
    std::string server_id;
    bool stored = false;
    bool acked = false;              // read by the harness
    std::set<std::size_t> ready_at;  // sockets of the recipient that were ready when it was sent
  };
  struct socket {
    socket_id id{};
    int user = 0;
    bool ready = false;     // seen by the harness
    bool attached = false;  // as the server sees it
    bool ended = false;     // as the harness sees it
    bool finished = false;  // nothing more is read
    bool cold = false;      // attached in name only
    bool deaf = false;      // the server loses what is for it, and will say so
    bool troubled = false;  // from then on
    long last_arrival = 0;
    long started = 0;
    std::set<std::size_t> received;
    std::optional<std::size_t> held;  // a message kept back by the reordering fault
  };
  struct row {
    std::size_t message = 0;
    std::string server_id;
  };

  long random(long low, long high);
  bool chance(int percent) { return random(1, 100) <= percent; }
  bool occasion(fault kind);
  void later(long delay, std::function<void()> what);
  void harness_later(long delay, std::function<void()> what);
  void run();
  void plan();

  void open(int user);
  void close_one(int user);
  void server_closes(std::size_t s, int code);
  void loses_subscription(std::size_t s);
  void attach(std::size_t s);
  void arrive(std::size_t s, std::function<void()> read);
  void deliver(std::size_t s, std::size_t m, bool honest = true);
  void push(std::size_t s, std::size_t m, bool damaged, bool planted_here);
  void drain(std::size_t s);

  void post(int from, int to);
  void commit(std::size_t m, bool publishes);
  void publish(std::size_t m);
  void acknowledge(std::size_t m, std::uint32_t attempt);
  void retry(std::size_t m);
  void plant_misroute(std::size_t m);
  void plant_phantom(std::size_t s);
  void plant_replay(std::size_t s);
  void walk(int reader, int peer, bool last = false);
  void finish();

  std::string name(int user) const { return "user" + std::to_string(user); }
  chat_id chat(int a, int b) {
    return trace.chat(std::to_string(std::min(a, b)) + "+" + std::to_string(std::max(a, b)));
  }
  instant now() const { return std::chrono::milliseconds(now_); }

  std::mt19937_64 random_;
  variant how_;
  fault fault_;
  long occasions_left_ = 0;
  int users_ = 4;
  long now_ = 0;
  std::uint64_t next_ = 0;
  std::map<std::pair<long, std::uint64_t>, std::function<void()>> queue_;
  long sleep_from_ = -1;
  long sleep_to_ = -1;
  long publish_clock_ = 0;
  long last_id_ = 0;
  std::vector<message> messages_;
  std::vector<socket> sockets_;
  std::map<chat_id, std::vector<row>> stored_;
  std::map<int, std::vector<std::size_t>> missed_;
};

}  // namespace ledger

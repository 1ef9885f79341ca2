// Publishes stored messages on their recipients' Redis channels, and remembers what it owes: a recipient whose publish
// got no answer is owed a *resync* (the payload `r`), sent on the next link after the old one was killed, so that no
// byte still on its way can arrive behind it. In a cluster each master has a link of its own, and a publish that came
// to the wrong one (its slot has moved) is owed as well. Owned by the application, on its thread. It promises: never a
// publish twice; published() at the latest when the link is given up (250 ms without a byte).
#pragma once

#include "reference-server/redis/nodes.hpp"

#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace api {

class publisher final : private redis::nodes_listener {
 public:
  struct item {
    std::string recipient;  // user id
    std::string payload;
  };
  struct counters {
    std::uint64_t answered = 0;
    std::uint64_t dropped = 0;  // had no link, or no answer
    std::uint64_t resyncs = 0;
  };

  // `published` is called when the last item of a batch has its answer or will never have one.
  publisher(boost::asio::io_context& io, redis::address where, std::function<void()> published);

  void start() { redis_.start(); }
  void stop() { redis_.stop(); }
  bool up() const { return redis_.up(); }
  const std::string& last_error() const { return redis_.last_error(); }
  const counters& counted() const { return counted_; }
  // Recipients that are owed a resync; most_owed + 1 stands for all.
  std::size_t owed() const { return owed_all_ ? most_owed + 1 : owed_.size(); }

  // One batch at a time. False when it is over already, because there is no link: published() is not called then.
  bool publish(std::vector<item> batch);

 private:
  static constexpr std::size_t most_owed = 10'000;  // recipients; beyond it all sockets are owed a resync

  // What goes over one node's link.
  struct lane {
    std::int64_t client = 0;                                    // the last link's id, to be killed; 0: none
    std::string run_id;                                         // of the Redis that gave it
    std::vector<std::size_t> publishes;                         // places in batch_, without an answer
    std::size_t answered = 0;                                   // of publishes, which are answered in their order
    std::deque<std::pair<std::string, std::uint64_t>> resyncs;  // on their way: recipient and debt
    bool owes_all = false;                                      // and has not sent it
    std::size_t alls_unanswered = 0;                            // sent
  };
  struct debt {
    std::uint64_t number = 0;  // of the latest loss
    bool on_its_way = false;
  };

  void on_node_up(std::size_t node) override;
  void on_node_down(std::size_t node, const redis::slot_set& slots, std::string_view why) override;
  void on_new_owners() override { pay(); }
  void on_reply(std::size_t node, std::uint64_t token, const redis::reply& answer) override;
  void on_published(std::size_t node, const redis::reply& answer);
  void on_resync(lane& on, const redis::reply& answer);
  lane& lane_of(std::size_t node);
  void owe_all();
  void owe(const std::string& recipient);
  void drop(const item& lost);
  void pay();
  void settled();

  redis::nodes redis_;
  std::function<void()> published_;
  std::vector<item> batch_;
  std::size_t unsettled_ = 0;  // of batch_: neither answered nor dropped
  bool publishing_ = false;
  std::deque<lane> lanes_;  // by node
  std::unordered_map<std::string, debt> owed_;
  bool owed_all_ = false;
  std::uint64_t debts_ = 0;
  counters counted_;
};

}  // namespace api

// The Redis that a process speaks to: one, or the masters of a cluster with a link to each. Owned by one part of a
// process (the api's publisher, the gateway's hub), on the thread of its io_context; destroy it as a link: stop() and
// let the context run out.
//
// Of a single Redis there is one node, 0, which owns every slot and has ordinary channels. In a cluster channels are
// sharded; the slots' owners are asked for with CLUSTER NODES on links of their own (a subscribed connection may not
// ask): at the start, and whenever an answer is MOVED, a channel was lost or a link is down. A node keeps its number
// for the life of the process.
#pragma once

#include "reference-server/redis/link.hpp"
#include "reference-server/redis/slot_map.hpp"

#include <array>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace redis {

class nodes_listener {
 public:
  // This node's link is up: the first place in its stream.
  virtual void on_node_up(std::size_t node) = 0;
  // Its link is gone, with the answers that were due. `slots`: all that it owned at any time since it came up.
  virtual void on_node_down(std::size_t node, const slot_set& slots, std::string_view why) = 0;
  // Every slot has an owner with a link; comes behind the last on_node_up, and again after each time without.
  virtual void on_all_up() {}
  // Slots may have new owners.
  virtual void on_new_owners() {}
  virtual void on_failed_try(std::string_view /*why*/) {}

  virtual void on_reply(std::size_t node, std::uint64_t token, const reply& answer) = 0;
  virtual void on_message(std::string_view /*channel*/, std::string_view /*payload*/) {}
  virtual void on_channel_lost(std::string_view /*channel*/) {}

 protected:
  ~nodes_listener() = default;
};

class nodes {
 public:
  nodes(boost::asio::io_context& context, address where, const limits& limits, nodes_listener& owner);
  ~nodes();
  nodes(const nodes&) = delete;
  nodes& operator=(const nodes&) = delete;

  void start();
  void stop();  // for good, without on_node_down; safe inside callbacks

  bool up() const { return all_up_; }
  bool cluster() const { return where_.cluster(); }
  pubsub kind() const { return cluster() ? pubsub::sharded : pubsub::plain; }
  const std::string& last_error() const { return last_error_; }

  // The node that owns the channel, if its link is up.
  std::optional<std::size_t> node_of(std::string_view channel) const;
  std::size_t count() const { return nodes_.size(); }
  bool up(std::size_t node) const;
  std::int64_t client_id(std::size_t node) const;
  const std::string& run_id(std::size_t node) const;

  // These need up(node).
  void command(std::size_t node, std::uint64_t token, std::initializer_list<std::string_view> words);
  void subscribe(std::size_t node, std::uint64_t token, std::string_view channel, pubsub kind);
  void unsubscribe(std::size_t node, std::uint64_t token, std::string_view channel, pubsub kind);
  void give_up(std::size_t node, std::string_view why);

 private:
  using timer = boost::asio::basic_waitable_timer<clock, boost::asio::wait_traits<clock>, link::executor>;
  struct node;
  struct guide;  // a link that the slots' owners are asked for on
  static constexpr std::uint16_t nobody = 0xffff;

  void node_up(node& which);
  void node_down(node& which, std::string_view why);
  void node_reply(node& which, std::uint64_t token, const reply& answer);
  void failed_try(std::string_view why);
  void ask_later();
  void ask();
  void answered(std::string_view cluster_nodes);
  node* find_or_add(const std::string& at);
  void look();

  boost::asio::io_context& context_;
  address where_;
  limits limits_;
  nodes_listener& owner_;
  std::vector<std::unique_ptr<node>> nodes_;
  std::vector<std::unique_ptr<guide>> guides_;
  std::array<std::uint16_t, slot_count> owners_;  // of the slots, in a cluster
  timer ask_timer_;
  bool asking_soon_ = false;
  bool stopped_ = false;
  bool all_up_ = false;
  std::string last_error_;
};

}  // namespace redis

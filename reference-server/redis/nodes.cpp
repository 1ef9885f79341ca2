#include "reference-server/redis/nodes.hpp"

#include <algorithm>
#include <utility>

namespace redis {
namespace {
constexpr std::chrono::milliseconds between_questions{100};
constexpr std::uint64_t question = 0;
}  // namespace

struct nodes::node final : link_listener {
  node(nodes& of, std::size_t own_number, const address& at)
      : owner(of), number(own_number), wire(of.context_, at, of.limits_, *this) {}

  void on_up() override { owner.node_up(*this); }
  void on_down(std::string_view why) override { owner.node_down(*this, why); }
  void on_failed_try(std::string_view why) override { owner.failed_try(why); }
  void on_reply(std::uint64_t token, const reply& answer) override { owner.node_reply(*this, token, answer); }
  void on_message(std::string_view channel, std::string_view payload) override {
    owner.owner_.on_message(channel, payload);
  }
  void on_channel_lost(std::string_view channel) override {
    owner.ask_later();
    owner.owner_.on_channel_lost(channel);
  }

  nodes& owner;
  std::size_t number;
  slot_set slots;  // that it owns
  slot_set since_up;
  link wire;
};

struct nodes::guide final : link_listener {
  guide(nodes& of, const address& at) : owner(of), wire(of.context_, at, of.limits_, *this) {}

  void on_up() override { owner.ask_later(); }
  void on_down(std::string_view) override {}
  void on_failed_try(std::string_view why) override { owner.failed_try(why); }
  void on_reply(std::uint64_t, const reply& answer) override {
    if (answer.is_error()) return owner.failed_try(answer.text());
    owner.answered(answer.text());
  }
  void on_message(std::string_view, std::string_view) override {}

  nodes& owner;
  link wire;
};

nodes::nodes(boost::asio::io_context& context, address where, const limits& limits, nodes_listener& owner)
    : context_(context), where_(std::move(where)), limits_(limits), owner_(owner), ask_timer_(context.get_executor()) {
  owners_.fill(nobody);
  if (!cluster()) {
    nodes_.push_back(std::make_unique<node>(*this, 0, where_));
    nodes_.front()->slots.set();
  }
  for (const address& each : where_.nodes) guides_.push_back(std::make_unique<guide>(*this, each));
}

nodes::~nodes() = default;

void nodes::start() {
  for (auto& each : nodes_) each->wire.start();
  for (auto& each : guides_) each->wire.start();
}

void nodes::stop() {
  stopped_ = true;
  all_up_ = false;
  ask_timer_.cancel();
  for (auto& each : nodes_) each->wire.stop();
  for (auto& each : guides_) each->wire.stop();
}

std::optional<std::size_t> nodes::node_of(std::string_view channel) const {
  const std::size_t found = cluster() ? owners_[slot_of(channel)] : 0;
  if (found == nobody || !nodes_[found]->wire.up()) return std::nullopt;
  return found;
}

bool nodes::up(std::size_t which) const {
  return nodes_[which]->wire.up();
}
std::int64_t nodes::client_id(std::size_t which) const {
  return nodes_[which]->wire.client_id();
}
const std::string& nodes::run_id(std::size_t which) const {
  return nodes_[which]->wire.run_id();
}
void nodes::command(std::size_t which, std::uint64_t token, std::initializer_list<std::string_view> words) {
  nodes_[which]->wire.command(token, words);
}
void nodes::subscribe(std::size_t which, std::uint64_t token, std::string_view channel, pubsub kind) {
  nodes_[which]->wire.subscribe(token, channel, kind);
}
void nodes::unsubscribe(std::size_t which, std::uint64_t token, std::string_view channel, pubsub kind) {
  nodes_[which]->wire.unsubscribe(token, channel, kind);
}
void nodes::give_up(std::size_t which, std::string_view why) {
  nodes_[which]->wire.give_up(why);
}

void nodes::node_up(node& which) {
  which.since_up = which.slots;
  owner_.on_node_up(which.number);
  if (!stopped_) look();
}

void nodes::node_down(node& which, std::string_view why) {
  last_error_ = why;
  look();
  owner_.on_node_down(which.number, which.since_up, why);
  ask_later();
}

void nodes::node_reply(node& which, std::uint64_t token, const reply& answer) {
  if (cluster() && answer.is_error()) ask_later();  // MOVED, or the cluster is down
  owner_.on_reply(which.number, token, answer);
}

void nodes::failed_try(std::string_view why) {
  last_error_ = why;
  owner_.on_failed_try(why);
  ask_later();
}

void nodes::ask_later() {
  if (!cluster() || stopped_ || std::exchange(asking_soon_, true)) return;
  ask_timer_.expires_after(between_questions);
  ask_timer_.async_wait([this](const boost::system::error_code& cancelled) {
    if (cancelled || stopped_) return;
    asking_soon_ = false;
    ask();
  });
}

// Each guide that is there: a node may know less than another one. Who says the latest wins, and is soon put right.
void nodes::ask() {
  for (auto& each : guides_) {
    if (each->wire.up()) each->wire.command(question, {"CLUSTER", "NODES"});
  }
  if (!all_up_) ask_later();
}

void nodes::answered(std::string_view cluster_nodes) {
  std::array<std::uint16_t, slot_count> found;
  found.fill(nobody);
  for (const cluster_master& master : read_cluster_nodes(cluster_nodes)) {
    const node* owner = find_or_add(master.address);
    if (owner == nullptr) continue;
    const auto number = static_cast<std::uint16_t>(owner->number);
    for (std::size_t slot = 0; slot < slot_count; ++slot) {
      if (master.slots.test(slot)) found[slot] = number;
    }
  }
  if (found == owners_) return;
  owners_ = found;
  for (auto& each : nodes_) {
    each->slots.reset();
    for (std::size_t slot = 0; slot < slot_count; ++slot) {
      if (owners_[slot] == each->number) each->slots.set(slot);
    }
    each->since_up |= each->slots;
  }
  look();
  if (!stopped_) owner_.on_new_owners();
}

// Null for what is no address.
nodes::node* nodes::find_or_add(const std::string& at) {
  for (auto& each : nodes_) {
    if (each->wire.where().text == at) return each.get();
  }
  const auto parsed = parse_address(at);
  if (!parsed) return nullptr;
  nodes_.push_back(std::make_unique<node>(*this, nodes_.size(), *parsed));
  nodes_.back()->wire.start();
  return nodes_.back().get();
}

// Whether every slot has an owner with a link.
void nodes::look() {
  slot_set covered;
  for (auto& each : nodes_) {
    if (each->wire.up()) covered |= each->slots;
  }
  const bool before = std::exchange(all_up_, covered.all());
  if (all_up_ && !before) owner_.on_all_up();
  if (!all_up_) ask_later();
}

}  // namespace redis

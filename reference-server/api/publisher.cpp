#include "reference-server/api/publisher.hpp"

#include "reference-server/ops/log.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace api {
namespace {

enum publisher_token : std::uint64_t { publish_token, kill_token, resync_token, resync_all_token };

constexpr std::string_view resync = "r";

redis::limits publisher_limits() {
  redis::limits limits;
  limits.answer_silence = std::chrono::milliseconds(250);  // so long a silent Redis may hold a POST
  return limits;
}

std::string channel_of(std::string_view recipient) {
  return "chat:user:" + std::string(recipient);
}

}  // namespace

publisher::publisher(boost::asio::io_context& io, redis::address where, std::function<void()> published)
    : redis_(io, std::move(where), publisher_limits(), *this), published_(std::move(published)) {}

publisher::lane& publisher::lane_of(std::size_t node) {
  while (node >= lanes_.size()) {
    lanes_.emplace_back().owes_all = owed_all_;
  }
  return lanes_[node];
}

bool publisher::publish(std::vector<item> batch) {
  batch_ = std::move(batch);
  unsettled_ = batch_.size();
  const std::string_view verb = redis_.cluster() ? "SPUBLISH" : "PUBLISH";
  for (std::size_t place = 0; place < batch_.size(); ++place) {
    const std::string channel = channel_of(batch_[place].recipient);
    if (const auto node = redis_.node_of(channel)) {
      redis_.command(*node, publish_token, {verb, channel, batch_[place].payload});
      lane_of(*node).publishes.push_back(place);
    } else {
      drop(batch_[place]);
    }
  }
  publishing_ = unsettled_ > 0;
  return publishing_;
}

void publisher::on_reply(std::size_t node, std::uint64_t token, const redis::reply& answer) {
  if (token == publish_token) {
    on_published(node, answer);
  } else if (token == resync_token) {
    on_resync(lane_of(node), answer);
  } else if (token == resync_all_token) {
    if (answer.is_error()) {
      return redis_.give_up(node, "resync refused");
    }
    --lane_of(node).alls_unanswered;
    owed_all_ = std::any_of(lanes_.begin(), lanes_.end(),
                            [](const lane& each) { return each.owes_all || each.alls_unanswered > 0; });
  } else if (answer.is_error()) {
    ops::log_warn("CLIENT KILL refused", {{"why", answer.text()}});
  }
}

void publisher::on_published(std::size_t node, const redis::reply& answer) {
  lane& on = lane_of(node);
  const item& one = batch_[on.publishes[on.answered]];
  if (++on.answered == on.publishes.size()) {
    on.publishes.clear();
    on.answered = 0;
  }
  if (answer.is_error()) {
    drop(one);  // in a cluster: the slot has moved, whoever listens there did not get it
    if (!redis_.cluster()) {
      ops::log_warn("publish refused", {{"why", answer.text()}});
      redis_.give_up(node, "PUBLISH refused");
    }
  } else {
    ++counted_.answered;
    --unsettled_;
  }
  settled();
}

void publisher::on_resync(lane& on, const redis::reply& answer) {
  const auto [recipient, number] = std::move(on.resyncs.front());
  on.resyncs.pop_front();
  const auto owed = owed_.find(recipient);
  if (owed == owed_.end() || owed->second.number != number) {
    return;  // owed anew meanwhile
  }
  if (answer.is_error()) {
    owed->second.on_its_way = false;  // the slot has moved: sent when its new owner is known
  } else {
    owed_.erase(owed);
  }
}

void publisher::on_node_up(std::size_t node) {
  ops::log_info("redis up", {{"node", node}, {"owed", owed_.size()}});
  lane& on = lane_of(node);
  // A Redis that was started anew has no such link, and has perhaps given the same id to somebody else.
  if (on.client != 0 && on.run_id == redis_.run_id(node)) {
    redis_.command(node, kill_token, {"CLIENT", "KILL", "ID", std::to_string(on.client)});
  }
  on.client = redis_.client_id(node);
  on.run_id = redis_.run_id(node);
  pay();
}

// Sends what is owed and can be sent. A link's old one has been killed by then.
void publisher::pay() {
  for (std::size_t node = 0; node < lanes_.size(); ++node) {
    lane& on = lanes_[node];
    if (on.owes_all && redis_.up(node)) {
      on.owes_all = false;
      ++on.alls_unanswered;
      ++counted_.resyncs;
      redis_.command(node, resync_all_token, {"PUBLISH", "chat:all", resync});
    }
  }
  const std::string_view verb = redis_.cluster() ? "SPUBLISH" : "PUBLISH";
  for (auto& [recipient, owed] : owed_) {
    const std::string channel = channel_of(recipient);
    const auto node = owed.on_its_way ? std::nullopt : redis_.node_of(channel);
    if (node) {
      owed.on_its_way = true;
      ++counted_.resyncs;
      lane_of(*node).resyncs.emplace_back(recipient, owed.number);
      redis_.command(*node, resync_token, {verb, channel, resync});
    }
  }
}

void publisher::on_node_down(std::size_t node, const redis::slot_set&, std::string_view why) {
  lane& on = lane_of(node);
  ops::log_warn("redis down", {{"node", node}, {"why", why}, {"unanswered", on.publishes.size() - on.answered}});
  for (const auto& [recipient, number] : std::exchange(on.resyncs, {})) {
    if (const auto owed = owed_.find(recipient); owed != owed_.end() && owed->second.number == number) {
      owed->second.on_its_way = false;
    }
  }
  on.owes_all |= std::exchange(on.alls_unanswered, 0) > 0;
  const std::vector<std::size_t> lost = std::exchange(on.publishes, {});
  for (std::size_t i = std::exchange(on.answered, 0); i < lost.size(); ++i) {
    drop(batch_[lost[i]]);
  }
  settled();
}

void publisher::drop(const item& lost) {
  ++counted_.dropped;
  --unsettled_;
  owe(lost.recipient);
}

// The last of a batch that was on its way has its answer or will never have one.
void publisher::settled() {
  if (unsettled_ == 0 && std::exchange(publishing_, false)) {
    published_();
  }
}

void publisher::owe(const std::string& recipient) {
  if (owed_all_) {
    return owe_all();
  }
  owed_[recipient] = {++debts_, false};
  if (owed_.size() > most_owed) {
    owed_.clear();
    owe_all();
  }
}

void publisher::owe_all() {
  owed_all_ = true;
  for (lane& each : lanes_) {
    each.owes_all = true;
  }
}

}  // namespace api

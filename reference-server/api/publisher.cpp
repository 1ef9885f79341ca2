#include "reference-server/api/publisher.hpp"

#include "reference-server/ops/log.hpp"

#include <utility>

namespace api {
namespace {

enum token : std::uint64_t { publish_token, kill_token, resync_token };

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
    : link_(io, std::move(where), publisher_limits(), *this), published_(std::move(published)) {}

bool publisher::publish(std::vector<item> batch) {
  batch_ = std::move(batch);
  answered_ = 0;
  if (batch_.empty()) {
    return false;
  }
  if (!link_.up()) {
    drop_from(0);
    return false;
  }
  publishing_ = true;
  for (const item& one : batch_) {
    link_.command(publish_token, {"PUBLISH", channel_of(one.recipient), one.payload});
  }
  return true;
}

void publisher::on_reply(std::uint64_t token, const redis::reply& answer) {
  if (token == publish_token) {
    if (answer.is_error()) {
      ops::log_warn("publish refused", {{"why", answer.text()}});
      link_.give_up("PUBLISH refused");
    } else if (++answered_ == batch_.size()) {
      counted_.answered += batch_.size();
      publishing_ = false;
      published_();
    }
  } else if (token == resync_token) {
    if (answer.is_error()) {
      link_.give_up("resync refused");
    } else if (--resyncs_unanswered_ == 0) {
      owed_.clear();
      owed_all_ = false;
    }
  } else if (answer.is_error()) {
    ops::log_warn("CLIENT KILL refused", {{"why", answer.text()}});
  }
}

void publisher::on_up() {
  ops::log_info("redis up", {{"owed", owed_.size()}});
  if (old_client_ != 0) {
    link_.command(kill_token, {"CLIENT", "KILL", "ID", std::to_string(old_client_)});
  }
  old_client_ = link_.client_id();
  resyncs_unanswered_ = owed_all_ ? 1 : owed_.size();
  counted_.resyncs += resyncs_unanswered_;
  if (owed_all_) {
    link_.command(resync_token, {"PUBLISH", "chat:all", resync});
    return;
  }
  for (const std::string& recipient : owed_) {
    link_.command(resync_token, {"PUBLISH", channel_of(recipient), resync});
  }
}

void publisher::on_down(std::string_view why) {
  ops::log_warn("redis down", {{"why", why}, {"unanswered", batch_.size() - answered_}});
  if (std::exchange(publishing_, false)) {
    counted_.answered += answered_;
    drop_from(answered_);
    published_();
  }
}

void publisher::drop_from(std::size_t first) {
  counted_.dropped += batch_.size() - first;
  for (std::size_t i = first; i < batch_.size(); ++i) {
    owe(batch_[i].recipient);
  }
}

void publisher::owe(const std::string& recipient) {
  if (owed_all_) {
    return;
  }
  owed_.insert(recipient);
  if (owed_.size() > most_owed) {
    owed_.clear();
    owed_all_ = true;
  }
}

}  // namespace api

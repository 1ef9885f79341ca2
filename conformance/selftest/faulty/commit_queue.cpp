#include "conformance/selftest/faulty/commit_queue.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace faulty {
namespace {

constexpr std::size_t longest_queue = 4096;

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  return first == text.npos ? std::string() : text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

}  // namespace

void CommitQueue::post(Post post, Reply reply) {
  if (waiting_.size() >= longest_queue) return reply({Posted::Outcome::queue_full, nullptr});
  const auto fate = post.fate;
  waiting_.push_back({.post = std::move(post), .reply = std::move(reply), .fate = fate});
  if (!in_flight_) begin();
}

void CommitQueue::begin() {
  in_flight_ = true;
  batch_ = std::exchange(waiting_, {});
  for (Entry& entry : batch_) insert(entry);
  timer_.expires_after(delay_);
  timer_.async_wait([this](boost::system::error_code) { commit(); });
}

void CommitQueue::insert(Entry& entry) {
  Post& post = entry.post;
  const std::string key = post.key.empty() ? "" : fmt::format("{}\n{}\n{}", post.chat, post.sender, post.key);
  if (const auto known = keys_.find(key); !key.empty() && known != keys_.end()) {
    const bool same = known->second->body == post.body;
    entry.result = {same ? Posted::Outcome::repeated : Posted::Outcome::key_reused, same ? known->second : nullptr};
    return;
  }
  if (faults_.is_on(Fault::trim_body) && trimmed(post.body) != post.body &&
      faults_.strikes(Fault::trim_body, post.chat)) {
    post.body = trimmed(post.body);
    faults_.note(Fault::trim_body, {.message = last_id_ + 1, .chat = post.chat, .user = post.sender});
  }
  last_us_ = std::max(last_us_, now_us());
  const auto message = std::make_shared<const Message>(Message{
      ++last_id_, post.chat, std::move(post.sender), std::move(post.recipient), std::move(post.body), last_us_});
  if (!key.empty()) keys_.emplace(key, message);
  entry.result = {Posted::Outcome::created, message};
  if (faults_.strikes(Fault::publish_before_commit, message->chat)) {
    faults_.note(Fault::publish_before_commit, {.of = message.get(), .user = message->recipient});
    publish_.publish(message);
    entry.published = true;
  }
}

void CommitQueue::commit() {
  for (const Entry& entry : batch_)
    if (entry.result.outcome == Posted::Outcome::created && entry.fate != Post::Fate::published_only)
      store_.commit(entry.result.message);
  for (const auto& message : unpublished()) publish_.publish(message);
  publish_.when_routed([this] { answer(); });
}

std::vector<MessagePtr> CommitQueue::unpublished() {
  std::vector<MessagePtr> messages;
  for (const Entry& entry : batch_)
    if (entry.result.outcome == Posted::Outcome::created && !entry.published && entry.fate != Post::Fate::stored_only)
      messages.push_back(entry.result.message);
  if (!faults_.is_on(Fault::batch_reversed)) return messages;
  for (auto last = messages.rbegin(); last != messages.rend(); ++last) {
    const auto first = std::find_if(messages.begin(), last.base() - 1,
                                    [&](const MessagePtr& other) { return other->chat == (*last)->chat; });
    if (first == last.base() - 1 || !faults_.strikes(Fault::batch_reversed, (*last)->chat)) continue;
    faults_.note(Fault::batch_reversed, {.of = first->get(), .user = (*first)->recipient});
    std::reverse(messages.begin(), messages.end());
    break;
  }
  return messages;
}

void CommitQueue::answer() {
  const auto done = std::exchange(batch_, {});
  in_flight_ = false;
  for (const Entry& entry : done) entry.reply(entry.result);
  if (!in_flight_ && !waiting_.empty()) begin();
}

}  // namespace faulty

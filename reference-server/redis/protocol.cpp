#include "reference-server/redis/protocol.hpp"

#include <hiredis/hiredis.h>

#include <algorithm>
#include <array>
#include <new>
#include <vector>

namespace redis {

protocol::protocol(const limits& limits, clock::time_point now) : limits_(limits), last_byte_(now), last_ping_(now) {}

void protocol::command(std::uint64_t token, std::span<const std::string_view> words) {
  append(token, expected::plain, words);
}

void protocol::command(std::uint64_t token, std::initializer_list<std::string_view> words) {
  append(token, expected::plain, std::span(words.begin(), words.size()));
}

void protocol::subscribe(std::uint64_t token, std::string_view channel, pubsub kind) {
  subscriber_ = true;
  kind == pubsub::sharded ? append(token, expected::ssubscribe, std::array<std::string_view, 2>{"SSUBSCRIBE", channel})
                          : append(token, expected::subscribe, std::array<std::string_view, 2>{"SUBSCRIBE", channel});
}

void protocol::unsubscribe(std::uint64_t token, std::string_view channel, pubsub kind) {
  if (kind == pubsub::plain) {
    return append(token, expected::unsubscribe, std::array<std::string_view, 2>{"UNSUBSCRIBE", channel});
  }
  leaving_.emplace_back(channel);
  append(token, expected::sunsubscribe, std::array<std::string_view, 2>{"SUNSUBSCRIBE", channel});
}

void protocol::append(std::uint64_t token, expected kind, std::span<const std::string_view> words) {
  constexpr std::size_t few = 8;
  std::array<const char*, few> few_texts{};
  std::array<std::size_t, few> few_lengths{};
  std::vector<const char*> many_texts;
  std::vector<std::size_t> many_lengths;
  const char** texts = few_texts.data();
  std::size_t* lengths = few_lengths.data();
  if (words.size() > few) {
    many_texts.resize(words.size());
    many_lengths.resize(words.size());
    texts = many_texts.data();
    lengths = many_lengths.data();
  }
  for (std::size_t i = 0; i < words.size(); ++i) {
    texts[i] = words[i].data() == nullptr ? "" : words[i].data();
    lengths[i] = words[i].size();
  }
  char* encoded = nullptr;
  const int length = redisFormatCommandArgv(&encoded, static_cast<int>(words.size()), texts, lengths);
  if (length < 0) throw std::bad_alloc();
  output_.append(encoded, static_cast<std::size_t>(length));
  redisFreeCommand(encoded);
  waiting_.push_back({token, {}, kind});
  ++untaken_;
}

void protocol::take_output(std::string& bytes, clock::time_point now) {
  bytes.swap(output_);
  for (auto i = waiting_.size() - untaken_; i < waiting_.size(); ++i) waiting_[i].sent = now;
  untaken_ = 0;
}

bool protocol::feed(std::string_view bytes, clock::time_point now, listener& to) {
  if (!lost_.empty()) return false;
  if (!bytes.empty()) last_byte_ = now;
  reader_.feed(bytes);
  while (const reply* r = reader_.next()) {
    if (!take(*r, to)) return false;
  }
  if (reader_.broken()) lost_ = "not the Redis protocol: " + std::string(reader_.error());
  return lost_.empty();
}

// Only a subscribed connection gets pushes, and no command it may send is answered with such an array.
bool protocol::take_push(const reply& r, listener& to) const {
  if (!subscriber_ || r.type() != reply_type::array || r.size() != 3) return false;
  if (r.text(0) == "message" || r.text(0) == "smessage") {
    to.on_message(r.text(1), r.text(2));
    return true;
  }
  if (r.text(0) != "sunsubscribe") return false;
  const bool asked =
      waiting_.size() > untaken_ && waiting_.front().kind == expected::sunsubscribe && leaving_.front() == r.text(1);
  if (!asked) to.on_channel_lost(r.text(1));
  return !asked;
}

bool protocol::take(const reply& r, listener& to) {
  if (take_push(r, to)) return true;
  if (waiting_.size() == untaken_) {
    lost_ = "a reply that nothing asked for: " + std::string(r.type() == reply_type::array ? r.text(0) : r.text());
    return false;
  }
  const waiting command = waiting_.front();
  waiting_.pop_front();
  if (command.kind == expected::sunsubscribe) leaving_.pop_front();
  if (!answers(command, r)) {
    lost_ = "a reply of another kind than was asked for: " +
            std::string(r.type() == reply_type::array && r.size() > 0 ? r.text(0) : r.text());
    return false;
  }
  if (command.kind == expected::ping) {
    ping_waits_ = false;
  } else {
    to.on_reply(command.token, r);
  }
  return true;
}

bool protocol::answers(const waiting& command, const reply& r) const {
  if (r.is_error()) return command.kind != expected::ping;
  const auto is_array_of = [&](std::string_view name) {
    return r.type() == reply_type::array && r.size() >= 2 && r.text(0) == name;
  };
  switch (command.kind) {
    case expected::plain:
      return true;
    case expected::subscribe:
      return is_array_of("subscribe");
    case expected::unsubscribe:
      return is_array_of("unsubscribe");
    case expected::ssubscribe:
      return is_array_of("ssubscribe");
    case expected::sunsubscribe:
      return is_array_of("sunsubscribe");
    case expected::ping:
      return r.type() == reply_type::status || is_array_of("pong");
  }
  return false;
}

std::string protocol::verdict(clock::time_point now) const {
  // At most one ping waits, so the oldest command stands first or second.
  const auto taken = waiting_.size() - untaken_;
  for (std::size_t i = 0; i < taken && i < 2; ++i) {
    const waiting& oldest = waiting_[i];
    if (oldest.kind == expected::ping) continue;
    if (now - oldest.sent >= limits_.answer) {
      return "no answer to a command in " + std::to_string(limits_.answer.count()) + " ms";
    }
    if (now - std::max(oldest.sent, last_byte_) >= limits_.answer_silence) {
      return "silent for " + std::to_string(limits_.answer_silence.count()) + " ms with a command unanswered";
    }
    break;
  }
  // A ping that has only just gone out (we were paused ourselves) has had no time to be answered.
  if (ping_waits_ && now - last_byte_ >= limits_.silence && now - last_ping_ >= limits_.ping_every) {
    return "no byte for " + std::to_string(limits_.silence.count()) + " ms";
  }
  return {};
}

bool protocol::check(clock::time_point now) {
  if (lost_.empty()) lost_ = verdict(now);
  if (!lost_.empty()) return false;
  if (!ping_waits_ && now - last_ping_ >= limits_.ping_every) {
    append(0, expected::ping, std::array<std::string_view, 1>{"PING"});
    ping_waits_ = true;
    last_ping_ = now;
  }
  return true;
}

}  // namespace redis

// Publishes stored messages on their recipients' Redis channels, and remembers what it owes: a recipient whose publish
// got no answer is owed a *resync* (the payload `r`), sent on the next link after the old one was killed, so that no
// byte still on its way can arrive behind it. Owned by the application, on its thread.
// It promises: never a publish twice; published() at the latest when the link is given up (250 ms without a byte).
#pragma once

#include "reference-server/redis/link.hpp"

#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace api {

class publisher final : private redis::link_listener {
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

  void start() { link_.start(); }
  void stop() { link_.stop(); }
  bool up() const { return link_.up(); }
  const std::string& last_error() const { return link_.last_error(); }
  const counters& counted() const { return counted_; }
  // Recipients that are owed a resync; most_owed + 1 stands for all.
  std::size_t owed() const { return owed_all_ ? most_owed + 1 : owed_.size(); }

  // One batch at a time. False when it is over already, because there is no link: published() is not called then.
  bool publish(std::vector<item> batch);

 private:
  static constexpr std::size_t most_owed = 10'000;  // recipients; beyond it all sockets are owed a resync

  void on_up() override;
  void on_down(std::string_view why) override;
  void on_reply(std::uint64_t token, const redis::reply& answer) override;
  void on_message(std::string_view, std::string_view) override {}
  void owe(const std::string& recipient);
  void drop_from(std::size_t first);

  redis::link link_;
  std::function<void()> published_;
  std::vector<item> batch_;
  std::size_t answered_ = 0;  // of batch_
  bool publishing_ = false;
  std::unordered_set<std::string> owed_;
  bool owed_all_ = false;
  std::int64_t old_client_ = 0;  // the last link's id, to be killed; 0: none
  std::size_t resyncs_unanswered_ = 0;
  counters counted_;
};

}  // namespace api

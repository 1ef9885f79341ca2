#include "conformance/selftest/faulty/publish_queue.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>

namespace faulty {
namespace {

constexpr std::chrono::milliseconds longest_hold{500};

}  // namespace

void PublishQueue::publish(MessagePtr message) {
  waiting_.push_back({std::move(message), ++position_});
  schedule();
}

void PublishQueue::when_routed(std::function<void()> done) {
  watchers_.push_back(std::move(done));
  schedule();
}

void PublishQueue::schedule() {
  if (std::exchange(scheduled_, true)) return;
  boost::asio::post(io_, [this] { drain(); });
}

void PublishQueue::drain() {
  scheduled_ = false;
  for (const auto& publication : std::exchange(waiting_, {})) pass_on(publication);
  for (const auto& done : std::exchange(watchers_, {})) done();
}

void PublishQueue::pass_on(const Publication& publication) {
  const Message& message = *publication.message;
  const auto note = [&](Fault fault) {
    for (const Subscriber* socket : router_.addressees(publication))
      faults_.note(fault, {.of = &message, .user = message.recipient, .socket = socket->peer()});
  };
  if (faults_.strikes(Fault::lose_delivery, message.chat)) return note(Fault::lose_delivery);
  if (faults_.is_on(Fault::reorder) && overtake(publication)) return;
  router_.route(publication);
  if (faults_.strikes(Fault::duplicate, message.chat)) {
    note(Fault::duplicate);
    router_.route(publication);
  }
}

bool PublishQueue::overtake(const Publication& publication) {
  const Message& message = *publication.message;
  const Lane lane{message.chat, message.recipient};
  const auto held = held_.extract(lane);
  if (held.empty()) {
    if (!faults_.strikes(Fault::reorder, message.chat)) return false;
    held_.emplace(lane, Held{publication, std::chrono::steady_clock::now()});
    return true;
  }
  const Publication& late = held.mapped().publication;
  router_.route(publication);
  for (const Subscriber* socket : router_.addressees(late))
    faults_.note(Fault::reorder, {.of = late.message.get(), .user = message.recipient, .socket = socket->peer()});
  router_.route(late);
  return true;
}

void PublishQueue::tick(std::chrono::steady_clock::time_point now) {
  for (auto held = held_.begin(); held != held_.end();) {
    if (now - held->second.since < longest_hold) {
      ++held;
      continue;
    }
    const Publication publication = held->second.publication;
    held = held_.erase(held);
    router_.route(publication);
  }
}

}  // namespace faulty

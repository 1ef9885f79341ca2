// AUTH: whom a socket listens for, and who may write into a chat. The sockets and messages of intruders stay outside of
// the trace: what they get is looked at here.
#include "conformance/cases/case.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>

namespace conformance {

CASE(AUTH, 05) {
  auto& alice = user();
  auto& bob = user();
  auto& mallory = user();
  const chat& both = create_chat(alice, bob);
  device& of_alice = connect(alice);
  device& of_bob = connect(bob);
  std::vector<std::string> intrusions;
  for (int i = 0; i < 3; ++i) {
    intrusions.push_back(nonce());
    const auto answer = post_raw(mallory, both, body_of(mallory, both, intrusions.back()));
    expect_status(answer, not_a_member(), "sending into a chat of others");
    trials(1);
  }
  fence(alice, both, of_bob);
  fence(bob, both, of_alice);
  for (const device* each : {&of_alice, &of_bob}) {
    const auto came = std::ranges::count_if(
        each->foreign(), [&](const client::message& frame) { return std::ranges::count(intrusions, frame.body) > 0; });
    expect(came == 0, fmt::format("the frames of {}", each->owner().name()), "nothing of the stranger's",
           fmt::format("{} of his messages", came));
  }
  const auto walk = read_history(alice, both);
  if (!walk.complete) throw cannot_conclude("the history cannot be walked: " + walk.problem);
  const auto stored = std::ranges::count_if(
      walk.messages, [&](const client::message& row) { return std::ranges::count(intrusions, row.body) > 0; });
  expect(stored == 0, "the history", "nothing of the stranger's", fmt::format("{} of his messages", stored));
}

namespace {

/// A socket that is none of the trace's, and what came on it.
class onlooker {
 public:
  onlooker(std::string name, actor& owner, client::call how, std::string query = {}) : name_(std::move(name)) {
    socket_ = owner.user().open_socket({.on_message = [this](const client::message& value, std::string_view,
                                                             client::time_point) { got_.push_back(value.id); }},
                                       how, std::move(query));
  }

  const std::string& name() const { return name_; }
  bool settled() const { return socket_->ready() || ended(); }
  bool was_ready() const { return socket_->ready_at().has_value(); }
  bool ended() const { return socket_->ended().has_value(); }
  std::size_t got() const { return got_.size(); }
  bool got(const message& sent) const {
    return sent.reply && sent.reply->value && std::ranges::count(got_, sent.reply->value->id) > 0;
  }
  void close() { socket_->close(); }

  /// Not let in, in the way that the target file declares; ending in any way when it declares none.
  bool refused_as_declared(const client::socket_refusal& declared) const {
    using look = client::socket_refusal::look;
    const auto& end = socket_->ended();
    const auto is_one_of = [&](int code) { return std::ranges::count(declared.codes, code) > 0; };
    switch (declared.is) {
      case look::status:
        return end && is_one_of(end->status);
      case look::close:
        return end && is_one_of(end->code);
      case look::silent:
      case look::none:
        return true;
      case look::any:
        break;
    }
    return end.has_value();
  }
  std::string outcome() const { return ended() ? socket_->ended()->summary() : "open and silent"; }

 private:
  std::string name_;
  std::vector<std::string> got_;  // ids
  std::unique_ptr<client::chat_socket> socket_;
};

}  // namespace

CASE(AUTH, 09) {
  using client::jwt::flaw;
  auto& alice = user();
  auto& bob = user();
  const chat& both = create_chat(alice, bob);
  device& phone = connect(bob);
  std::deque<onlooker> intruders;
  intruders.emplace_back("without a credential", bob, client::call{.credential = client::no_credential{}});
  for (const auto kind : {flaw::garbage, flaw::expired, flaw::wrong_key, flaw::alg_none}) {
    if (kind != flaw::garbage && !mints_tokens()) continue;
    intruders.emplace_back(fmt::format("with a bad token ({})", client::jwt::to_string(kind)), bob,
                           client::call{.credential = client::other_token{bob.user().bad_token(kind)}});
  }
  // Refusals come soon; one that stays open and silent is not waited for long.
  stage_.wait_until([&] { return std::ranges::all_of(intruders, &onlooker::settled); },
                    client::clock::now() + stage_.patience() / 4);
  fence(alice, both, phone);
  fence(alice, both, phone);
  for (auto& each : intruders) {
    expect(!each.was_ready() && each.got() == 0, "a socket " + each.name(), "refused or closed, no chat event",
           fmt::format("{}{} messages", each.was_ready() ? "ready, " : "", each.got()));
    if (!each.was_ready()) {
      const auto& declared = stage_.target().socket.refusal;
      expect(each.refused_as_declared(declared), "a socket " + each.name(),
             declared.codes.empty() ? std::string("refused or closed")
                                    : fmt::format("refused with {}", fmt::join(declared.codes, " or ")),
             each.outcome(), level::should);
    }
    each.close();
    trials(1);
  }
}

CASE(AUTH, 10) {
  auto& alice = user();
  auto& bob = user();
  auto& dave = user();
  const chat& watched = create_chat(alice, bob);
  device& phone = connect(bob);
  struct claim {
    const char* name;
    std::string query;
    std::vector<client::http::header> headers;
  };
  const std::vector<claim> claims{
      {"in the query", fmt::format("user={0}&user_id={0}&userId={0}", bob.name()), {}},
      {"in headers", "", {{"X-User", bob.name()}, {"X-User-Id", bob.name()}, {"X-Forwarded-User", bob.name()}}},
  };
  std::deque<onlooker> sockets;
  for (const auto& each : claims) {
    auto& mallory = user();
    const chat& own = create_chat(dave, mallory);
    onlooker& socket = sockets.emplace_back(each.name, mallory, client::call{.headers = each.headers}, each.query);
    stage_.wait_until([&] { return socket.settled(); }, long_enough());
    trials(1);
    if (!socket.was_ready()) continue;  // refused: nobody is fooled
    stage_.wait_until([&] { return socket.ended(); }, client::clock::now() + stage_.target().delivery.warm_up);
    const message& secret = send_acked(alice, watched);
    if (!await_frame(phone, secret)) throw cannot_conclude("Bob himself does not get the message");
    const message& fence_to_mallory = send(dave, own, "", true);
    stage_.wait_until([&] { return socket.got(fence_to_mallory) || socket.got(secret) || socket.ended(); },
                      client::clock::now() + stage_.patience());
    const std::string what = fmt::format("a socket of Mallory that claims to be Bob {}", each.name);
    expect(!socket.got(secret), what, "nothing of Bob's", "a message to Bob");
    expect(socket.got(fence_to_mallory) || socket.ended(), what, "Mallory's own messages, or closed",
           "not Mallory's messages");
    socket.close();
  }
}

}  // namespace conformance

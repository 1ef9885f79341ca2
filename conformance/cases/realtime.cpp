// RT: delivery to connected recipients. The ledger judges what arrived; the cases see to it that there is something to
// judge.
#include "conformance/cases/case.hpp"
#include "conformance/cases/texts.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace conformance {

CASE(RT, 01) {
  auto& alice = user();
  auto& bob = user();
  const chat& both = create_chat(alice, bob);
  device& phone = connect(bob);
  for (int i = 0; i < 20; ++i) {
    const message& sent = send_acked(alice, both);
    trials(1);
    if (!await_frame(phone, sent) && phone.ended()) {
      throw cannot_conclude("the socket ended: " + phone.ended()->summary());
    }
    if (!phone.got(sent)) return;  // lost, and each further one would cost the whole patience again
  }
}

CASE(RT, 02) {
  auto& alice = user();
  auto& bob = user();
  const chat& both = create_chat(alice, bob);
  device& phone = connect(bob);
  send_many(alice, both, 1000, 16);
  trials(1000);
  fence(alice, both, phone);
}

CASE(RT, 03) {
  auto& alice = user();
  auto& bob = user();
  const chat& both = create_chat(alice, bob);
  device& phone = connect(bob);
  for (int i = 0; i < 150; ++i) send_acked(alice, both);
  trials(150);
  fence(alice, both, phone);
  read_history(bob, both);  // the order to compare with where ids say nothing about it
}

CASE(RT, 05) {
  auto& alice = user();
  auto& bob = user();
  const chat& both = create_chat(alice, bob);
  device& phone = connect(bob);
  std::vector<std::pair<const named_text*, std::string>> sent;
  for (const auto& each : difficult_texts()) {
    const auto reply = reply_of<client::reply<client::message>>(
        [&](auto done) { alice.user().send(both.id, each.text, std::move(done)); });
    if (reply.ok()) sent.emplace_back(&each, reply.value->id);  // that it is taken is MSG-04's
  }
  fence(alice, both, phone);
  const auto walk = read_history(bob, both);
  if (!walk.complete) throw cannot_conclude("the history cannot be walked: " + walk.problem);
  for (const auto& [text, id] : sent) {
    const auto row = std::ranges::find(walk.messages, id, &client::message::id);
    const client::message* frame = phone.arrival(id);
    if (row == walk.messages.end() || frame == nullptr) throw cannot_conclude("a message is missing");
    const auto same = [&](std::string_view field, const std::string& in_history, const std::string& in_frame) {
      if (!answers_as_the_contract() && (in_history.empty() || in_frame.empty())) return;  // not pointed to
      expect(in_history == in_frame, fmt::format("{} of a frame ({})", field, text->name), in_history, in_frame);
    };
    same("the chat", row->chat_id, frame->chat_id);
    same("the sender", row->sender, frame->sender);
    same("the body", row->body, frame->body);
    same("the time", row->created_at, frame->created_at);
    trials(1);
  }
}

CASE(RT, 07) {
  auto& alice = user();
  auto& bob = user();
  const chat& both = create_chat(alice, bob);
  device& phone = connect(bob);
  std::size_t accepted = 0;
  int refused = 0;
  auto doubtful = textless_bodies(alice, both);
  doubtful.push_back(body_of(alice, both, "   "));
  doubtful.push_back(body_of(alice, both, "\t\n"));
  for (const auto& body : doubtful) {
    const auto answer = post_raw(alice, both, body);
    if (!answer.answered() || answer.status >= 500 || answer.success()) ++accepted;
    if (answer.answered() && answer.status >= 400) ++refused;
  }
  // With the tag of the run in front these are the ledger's to judge.
  std::vector<const message*> tagged;
  for (const std::size_t length : {5'000U, 20'000U, 70'000U}) {
    tagged.push_back(&send(alice, both, std::string(length, 'x')));
    const auto& answer = tagged.back()->reply->exchange;
    if (answer.answered() && answer.status >= 400) ++refused;
  }
  tagged.push_back(&send(alice, both, "", true));
  if (!tagged.back()->acked() || !await_frame(phone, *tagged.back())) throw cannot_conclude("the fence did not arrive");
  const auto ours = [&](const client::message& frame) {
    return std::ranges::any_of(tagged, [&](const message* each) {
      return each->acked() && each->reply->value && each->reply->value->id == frame.id;
    });
  };
  const auto came = static_cast<std::size_t>(std::ranges::count_if(phone.foreign(), [&](const client::message& frame) {
    return (frame.chat_id.empty() || frame.chat_id == bob.calls(both.id)) && !ours(frame) &&
           !stage_.is_siblings(frame.body);
  }));
  expect(came <= accepted, "frames of messages that were refused", "none",
         fmt::format("{} more than were accepted", came - std::min(came, accepted)));
  trials(refused);
  if (refused == 0) stage_.tell(not_run_line("the target refused none of the requests"));
}

CASE(RT, 09) {
  constexpr int count = 20;
  auto& alice = user();
  auto& bob = user();
  const chat& both = create_chat(alice, bob);
  connect(bob);
  device& own = connect(alice);
  std::vector<const message*> sent;
  for (int i = 0; i < count; ++i) sent.push_back(&send_acked(alice, both));
  fence(bob, both, own);
  trials(count);
  if (!stage_.target().delivery.echo) return;  // what came nevertheless is the ledger's
  const auto came = [&] { return std::ranges::count_if(sent, [&](const message* each) { return own.got(*each); }); };
  // What the fence has overtaken may still come.
  stage_.wait_until([&] { return came() == count || own.ended(); }, client::clock::now() + stage_.patience());
  expect(came() == count, "the sender's messages on its own socket", fmt::format("all {}", count),
         fmt::format("{} of them", came()));
}

CASE(RT, 12) {
  auto& bob = user();
  auto& dave = user();
  const chat& known = create_chat(dave, bob);
  device& phone = connect(bob);
  fence(dave, known, phone);
  for (int i = 0; i < 10; ++i) {
    auto& alice = user();
    const chat& fresh = create_chat(alice, bob);
    const message& first = send_acked(alice, fresh);
    trials(1);
    if (!await_frame(phone, first)) return;  // lost, says the ledger
  }
}

}  // namespace conformance

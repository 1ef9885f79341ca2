// OFF: leaving and coming back in the middle of a conversation that goes on.
#include "conformance/cases/case.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

namespace conformance {

namespace {

/// A case in which one user talks without pause while things happen to the other.
class conversation_case : public conformance_case {
 protected:
  void begin(actor& speaker, const chat& in) {
    speaker_ = &speaker;
    in_ = &in;
  }

  /// Waits with four messages under way all the time; false when the time was over first.
  bool talk_until(const std::function<bool()>& condition) {
    const auto talking = [&] {
      keep_talking();
      return condition();
    };
    return stage_.wait_until(talking, long_enough());
  }

  /// Lets the messages under way come to their end. All that were sent are known after this.
  void fall_silent() {
    stage_.wait_until([&] { return std::ranges::all_of(said_, &message::answered); }, long_enough());
  }

  std::ptrdiff_t acked() const { return std::ranges::count_if(said_, &message::acked); }
  bool at_an_end() const { return said_.size() >= most && std::ranges::all_of(said_, &message::answered); }
  const std::vector<const message*>& said() const { return said_; }

 private:
  static constexpr std::size_t most = 180;  // one page of a history holds them
  static constexpr std::ptrdiff_t at_once = 4;

  void keep_talking() {
    auto under_way = std::ranges::count_if(said_, [](const message* each) { return !each->answered(); });
    for (; under_way < at_once && said_.size() < most; ++under_way) {
      message& next = new_message();
      said_.push_back(&next);
      speaker_->send(next, *in_, "", false);
    }
  }

  actor* speaker_ = nullptr;
  const chat* in_ = nullptr;
  std::vector<const message*> said_;
};

}  // namespace

#define CONVERSATION(family, name)                   \
  namespace {                                        \
  class family##_##name : public conversation_case { \
    void act() override;                             \
  };                                                 \
  }                                                  \
  TEST(family, name) {                               \
    family##_##name().perform(#family, #name);       \
  }                                                  \
  void family##_##name::act()

CONVERSATION(OFF, 05) {
  auto& alice = user();
  auto& bob = user();
  const chat& both = create_chat(alice, bob);
  begin(alice, both);
  for (int i = 0; i < 6; ++i) {
    device& phone = open(bob);
    talk_until([&] { return phone.ready() || phone.ended(); });
    if (!phone.ready()) throw cannot_conclude("a socket did not become ready");
    const auto before = acked();
    talk_until([&] { return acked() >= before + 8 || at_an_end(); });
    i % 2 == 0 ? phone.close() : phone.abort();
    talk_until([&] { return phone.ended().has_value(); });
    const auto while_away = acked();
    talk_until([&] { return acked() >= while_away + 4 || at_an_end(); });
    trials(1);
  }
  fall_silent();
  device& last = connect(bob);
  fence(alice, both, last);
  for (actor* reader : {&alice, &bob}) {
    const auto walk = read_history(*reader, both);
    expect(walk.complete, "a walk through the history", "complete", walk.complete ? "complete" : walk.problem);
  }
}

CONVERSATION(OFF, 07) {
  auto& alice = user();
  auto& bob = user();
  const chat& both = create_chat(alice, bob);
  begin(alice, both);
  for (int i = 0; i < 12; ++i) {
    const auto first = read_history(bob, both);  // as the page does when it opens
    if (!first.complete) throw cannot_conclude("the history cannot be walked: " + first.problem);
    const auto before = acked();
    talk_until([&] { return acked() >= before + 2 || at_an_end(); });
    device& phone = open(bob);
    talk_until([&] { return phone.ready() || phone.ended(); });
    if (!phone.ready()) throw cannot_conclude("a socket did not become ready");
    warm_up(phone);
    auto read = std::make_shared<std::optional<client::walk>>();
    bob.user().walk_history(both.id, [read](client::walk walk) { *read = std::move(walk); });
    talk_until([&] { return read->has_value(); });
    fall_silent();
    fence(alice, both, phone);
    if (!*read || !(*read)->complete) throw cannot_conclude("the history cannot be walked");
    std::unordered_set<std::string> known;
    for (const auto& row : (*read)->messages) known.insert(row.body);
    const auto missing = [&] {
      return std::ranges::count_if(said(), [&](const message* each) {
        return each->acked() && !phone.got(*each) && !known.contains(each->body);
      });
    };
    // What the fence has overtaken may still come.
    stage_.wait_until([&] { return missing() == 0 || phone.ended(); }, client::clock::now() + stage_.patience());
    const auto missed = missing();
    expect(missed == 0, "the history read after ready, and the frames", "every message acknowledged so far",
           fmt::format("{} of {} in neither", missed, acked()));
    trials(1);
    close_and_drain(phone);
    if (missed > 0 || at_an_end()) break;
  }
}

#undef CONVERSATION

}  // namespace conformance

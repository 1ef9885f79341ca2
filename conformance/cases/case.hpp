// The vocabulary of a conformance case. A case is a short story in straight lines: it makes users, chats and sockets,
// sends, waits, and says what it looked at. Delivery is not judged here: everything goes into the trace, and the ledger
// judges the trace of the whole shard when it is complete.
//
//   CASE(RT, 01) {
//     auto& alice = user();
//     …
//   }
//
// CASE(RT, 01) is the case RT-01, CASE(AUTH, 02_wrong_key) is AUTH-02[wrong-key]. What cannot be set up (a chat cannot
// be created) makes the case inconclusive, or blocked when a requirement that it depends on failed.
#pragma once

#include "conformance/cases/expected_status.hpp"
#include "conformance/cases/stage.hpp"
#include "conformance/runner/case_record.hpp"
#include "harness/client/loop.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace conformance {

/// The id of a GoogleTest name: "RT", "01" -> "RT-01"; "AUTH", "02_wrong_key" -> "AUTH-02[wrong-key]".
std::string case_id(std::string_view family, std::string_view name);

/// The case cannot go on; `what` says why nothing can be concluded.
class cannot_conclude : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// There is nothing that the case could look at on this target: it did not run; `what` says why.
class nothing_to_check : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class conformance_case {
 public:
  virtual ~conformance_case() = default;

  /// Runs the case and reports it under its id.
  void perform(std::string_view family, std::string_view name);

 protected:
  virtual void act() = 0;

  actor& user();
  const chat& create_chat(actor& creator, actor& peer);
  const chat& adopt(const client::chat& created, actor& creator, actor& peer);

  /// Opens a socket and waits for ready, and for as long after it as the target file declares a warm-up.
  device& connect(actor& owner);

  /// Waits until a socket that is ready may miss nothing any more. Without a declared warm-up it is that at once, and
  /// no turn of the loop comes between.
  void warm_up(const device& which);

  /// Opens a socket and does not wait.
  device& open(actor& owner);

  /// Sends and waits for the answer, whatever it is.
  const message& send(actor& from, const chat& in, std::string_view rest = "", bool is_fence = false,
                      const client::call& call = {});

  /// Sends and insists on a success.
  const message& send_acked(actor& from, const chat& in, std::string_view rest = "");

  /// Sends `count` messages, at most `in_flight` of them unanswered at a time, and waits for all answers.
  void send_many(actor& from, const chat& in, int count, std::size_t in_flight);

  /// Waits for a message on a socket, at most the patience from its acknowledgement; false when it did not come or the
  /// socket ended. After a quarter of the patience another message is sent: when that comes, the first
  /// one has a last quarter.
  bool await_frame(device& on, const message& awaited);

  /// Proves that the path to a socket works, after everything that was acknowledged before: sends a message to its
  /// owner and waits for it. Throws cannot_conclude when it does not come: then nothing is proved about what was not
  /// seen.
  void fence(actor& from, const chat& in, device& to);

  /// Closes (or resets) and reads to the end of the connection.
  void close_and_drain(device& which);
  void abort_and_drain(device& which);

  /// Reads the whole history as this user; the walk and its rows go into the trace. With a limit pages are so long.
  client::walk read_history(actor& reader, const chat& of, unsigned limit = 200);

  /// A text that no message of the run carries; for what must never be stored or shown, and for what cannot begin with
  /// a tag.
  std::string nonce();

  /// The request that sends, with this body, beside the trace: for bodies that are no messages of ours. Throws
  /// cannot_conclude when there is no way to ask for it.
  client::http::exchange post_raw(actor& from, const chat& in, const std::string& body);

  /// A body that sends this text, and one with another member beside it.
  std::string body_of(actor& from, const chat& in, std::string_view text) { return from.user().send_body(in.id, text); }
  std::string body_with(actor& from, const chat& in, std::string_view text, const std::string& member,
                        const std::string& value);

  /// Bodies that send no text: none, null, a number, a list.
  std::vector<std::string> textless_bodies(actor& from, const chat& in);

  /// Whether creating a chat is a request at all.
  bool creates_by_request() const;
  bool lists_chats() const { return !stage_.target().rest || stage_.target().rest->list_chats.has_value(); }

  /// Whether credentials are tokens that we sign: only then can they be wrong in every way.
  bool mints_tokens() const { return stage_.target().login.by == client::login_description::kind::jwt; }

  /// Whether an answer should hold everything that the contract's has.
  bool answers_as_the_contract() const { return !stage_.target().rest; }

  /// All chats that this user is shown, page after page. Throws cannot_conclude when they cannot be read.
  std::vector<client::chat> read_chats(actor& reader);

  /// Waits for the reply of any action of client::user.
  template <class Reply, class Start>
  Reply reply_of(Start&& start) {
    auto slot = std::make_shared<std::optional<Reply>>();
    std::forward<Start>(start)([slot](Reply value) { *slot = std::move(value); });
    if (!stage_.wait_until([&] { return slot->has_value(); }, long_enough())) {
      throw cannot_conclude("an answer did not come to its end");
    }
    return std::move(**slot);
  }

  /// Says what was looked at. Text from the target may be anything: it is made printable.
  void expect(bool ok, std::string_view what, std::string_view expected, std::string_view actual,
              level force = level::must);
  void expect_status(const client::http::exchange& got, const expected_status& wanted, std::string_view what);

  /// The promise itself was put to the test so many times.
  void trials(int count);

  /// What a reader should know even when all is well.
  void remark(std::string_view text);

  /// For stories that the functions above are too simple for: a message to send, and a deadline that bounds it.
  message& new_message();
  client::time_point long_enough() const;

  stage& stage_ = stage::of_worker();

 private:
  void settle();

  std::vector<device*> devices_;
  std::vector<const message*> messages_;
};

/// Control characters and bytes that are not UTF-8 as \xNN, at most 300 bytes.
std::string printable(std::string_view text);

}  // namespace conformance

#define CASE(family, name)                                         \
  namespace {                                                      \
  class family##_##name : public ::conformance::conformance_case { \
    void act() override;                                           \
  };                                                               \
  }                                                                \
  TEST(family, name) {                                             \
    family##_##name().perform(#family, #name);                     \
  }                                                                \
  void family##_##name::act()

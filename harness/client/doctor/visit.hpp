// What the steps of one visit to a target share: the loop, the users, the chat, what was found so far, and the words in
// which a step says what it asks. Owned by examine() or smoke(), on the calling thread, which it blocks.
#pragma once

#include "harness/client/doctor/doctor.hpp"
#include "harness/client/doctor/transcript.hpp"
#include "harness/client/loop.hpp"
#include "harness/client/user/user.hpp"

#include <concepts>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace client::doctor {

// Thrown by a step that cannot go on.
struct failure {
  diagnosis why;
  std::string key = {};  // a nearer one than the step's
  bool certain = true;   // false: a suite would find it as well, and it may be the server's
};

// What one socket has seen.
struct ear {
  std::unique_ptr<chat_socket> socket;
  std::vector<message> messages;
  std::vector<std::string> others;  // frames that are neither ready nor a message
  bool open = false;

  bool got(std::string_view id) const;
};

class visit {
 public:
  visit(const client::target& of, const options& options);

  // Runs the body as a step, unless what it needs has failed or the visit is to stop. True when the step is good.
  template <std::invocable<visit&> Body>
  bool step_if(bool possible, std::string_view name, std::string_view key, Body body) {
    begin(name, key);
    if (!possible || (asked.stop && asked.stop())) {
      step.outcome = outcome::skipped;
    } else {
      try {
        body(*this);
      } catch (failure& broken) {
        fail(broken);
      }
    }
    return finish();
  }

  // Asks a user for something and waits for the reply.
  template <class T, class Start>
  reply<T> ask(Start start) {
    auto came = await<reply<T>>(io, soon() + std::chrono::seconds(2), std::move(start));
    if (!came) throw failure{{culprit::server, "no answer", "is it up?"}, {}, false};
    return std::move(*came);
  }

  // The value of an action; throws why there is none.
  template <class T>
  T value_of(reply<T> came) {
    if (!came.ok()) refuse(came.exchange, came.problem);
    return std::move(*came.value);
  }

  time_point soon() const { return clock::now() + target->patience; }
  std::string text(std::string_view what);  // a new one
  // Not sooner than the file allows.
  message post(user& from, const std::string& what);
  reply<message> try_post(user& from, const std::string& what);

  // What was found of a key; it is kept when the file leaves the key out or has it otherwise.
  void measure(const std::string& key, const std::string& value, bool agrees);
  // The same, and a failure of the file's when what it says, or means by leaving it out, does not hold.
  void insist(const std::string& key, const std::string& value, bool agrees);
  // Of the statuses of refusals: 3xx and 4xx count. `declared` empty: the usual ones are meant.
  void insist_on_refusals(const std::string& key, std::vector<int> seen, const std::vector<int>& declared,
                          const std::vector<int>& usual);

  void hear(char direction, std::string_view frame) {  // for the transcript
    if (asked.transcript) wire.add_frame(direction, frame);
  }
  bool reads() const { return !target->rest || target->rest->history; }
  bool lists() const { return !target->rest || target->rest->list_chats; }

  user& alice() { return *users[0]; }
  user& bob() { return *users[1]; }
  user& carol() { return *users[2]; }

  asio::io_context io;
  std::shared_ptr<const client::target> target;
  const options& asked;
  examination found;
  doctor::step step;     // the one under way
  bool certain = true;   // of the last failure
  bool misfits = false;  // the last failure: what the file says and what the server does do not fit, whoever is wrong
  std::vector<std::unique_ptr<user>> users;
  std::string chat, first, first_text;  // the chat of Alice and Bob, and the first message in it
  std::unique_ptr<ear> bobs;
  client::doctor::transcript wire;  // of the step under way

 private:
  void begin(std::string_view name, std::string_view key);
  void fail(failure& broken);
  mask secrets() const;
  bool finish();
  [[noreturn]] void refuse(const http::exchange& came, const std::string& problem) const;

  std::map<const user*, time_point> posted_;  // when a user did last
  std::string last_asked_;                    // "POST /chats"
  int texts_ = 0;
};

// An answer in which a pointer of the file found nothing: the problem names the pointer, or a member.
failure unreadable(const http::exchange& came, const std::string& problem);

}  // namespace client::doctor

#include "harness/client/doctor/doctor.hpp"

#include "harness/client/http/connection.hpp"
#include "harness/client/loop.hpp"
#include "harness/client/transport/network.hpp"
#include "harness/client/user/user.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

namespace client::doctor {

namespace {

using namespace std::chrono_literals;

std::string shown(const http::exchange& came) {
  std::string text = came.answered() ? fmt::format("< {}\n", came.status) : fmt::format("< {}\n", came.summary());
  for (const auto& [name, value] : came.headers) text += fmt::format("< {}: {}\n", name, value);
  return came.body.empty() ? text : text + came.body.substr(0, 2000) + "\n";
}

// What one socket has seen.
struct watched {
  std::unique_ptr<chat_socket> socket;
  std::vector<message> messages;
  std::vector<std::string> others;  // frames that are neither ready nor a message
  bool open = false;

  bool got(std::string_view id) const {
    return std::ranges::any_of(messages, [&](const message& each) { return each.id == id; });
  }
};

class walk_through {
 public:
  walk_through(const target& target, const options& options)
      : target_(std::make_shared<const client::target>(target)), options_(options) {
    transport::use(io_, options_.connections);
  }

  examination run() {
    // The first word of each line: what the step needs.
    const bool served = all_answer();
    const bool known = step_if(served, "users", "login", [&] { make_users(); });
    const bool chat = step_if(known, "create", "rest.create_chat", [&] { create(); });
    if (lists()) step_if(chat, "list", "rest.list_chats", [&] { list(); });
    const bool sent = step_if(chat, "send", "rest.send", [&] { send(); });
    step_if(sent, "history", "rest.history", [&] { history(); });
    const bool open = step_if(known, "socket", "socket", [&] { open_socket(); });
    const bool ready = step_if(open, "ready", "socket.ready", [&] { wait_until_ready(); });
    const bool received = step_if(ready && sent, "receive", "socket.message", [&] { receive(); });
    step_if(received, "echo", "delivery.echo", [&] { echo(); });
    step_if(chat, "stranger", "errors.stranger", [&] { stranger(); });
    step_if(received, "offline", "delivery.offline", [&] { offline(); });
    step_if(open, "disconnect", "socket", [&] { disconnect(); });
    return std::move(result_);
  }

 private:
  // A step that cannot go on.
  struct failure {
    diagnosis why;
    std::string key = {};  // a nearer one than the step's
  };

  template <class Body>
  bool step_if(bool possible, std::string_view name, std::string_view key, Body body) {
    current_ = {};
    current_.name = name;
    current_.key = key;
    if (!possible || (options_.stop && options_.stop())) {
      current_.outcome = outcome::skipped;
    } else {
      try {
        body();
      } catch (failure& broken) {
        current_.outcome = outcome::failed;
        current_.said = broken.why.what;
        if (!broken.key.empty()) current_.key = broken.key;
        current_.why = std::move(broken.why);
      }
    }
    result_.steps.push_back(current_);
    if (options_.on_step) options_.on_step(current_);
    return current_.outcome == outcome::good;
  }

  void keep(const http::exchange& came) {
    if (options_.transcript) current_.transcript.push_back(shown(came));
  }

  time_point soon() const { return clock::now() + target_->patience; }

  http::exchange get(const url& where) {
    http::connection connection(io_, where);
    const auto deadline = soon();
    http::request request;
    request.target = where.path;
    auto came = await<http::exchange>(io_, deadline + 1s, [&](auto done) {
      connection.send(std::move(request), clock::now(), deadline, std::move(done));
    });
    if (!came) throw failure{{culprit::server, "no answer", "is it up?"}};
    keep(*came);
    return std::move(*came);
  }

  // Any HTTP answer will do: it tells that the name, the port and the protocol are right. A redirect is followed within
  // its own address, to see whether it ends.
  void answers(url where) {
    constexpr int most_hops = 10;
    const std::string asked = where.text();
    for (int hops = 0;; ++hops) {
      const auto came = get(where);
      if (!came.answered()) throw failure{*diagnose(came, {})};
      const auto next = came.find("Location");
      if (came.status < 300 || came.status >= 400 || !next) {
        current_.said += fmt::format("{}{} answers {}", current_.said.empty() ? "" : "; ", asked, came.status);
        return;
      }
      if (hops == most_hops) {
        throw failure{{culprit::server,
                       fmt::format("{} sends on and on: {} after {} answers of {}", asked, *next, hops, came.status),
                       "look at the redirects of the server, or of the proxy in front of it"}};
      }
      if (next->starts_with('/')) {
        where.path = *next;
      } else if (const auto absolute = parse_url(*next); absolute && absolute->authority() == where.authority()) {
        where = *absolute;
      } else {
        throw failure{
            {culprit::file, fmt::format("{} sends to {}", asked, *next), "give that address, if it is yours"}};
      }
    }
  }

  bool all_answer() {
    const bool base = step_if(true, "base_url", "base_url", [&] {
      for (const auto& each : target_->base_urls) answers(each);
    });
    const bool socket = step_if(true, "socket_url", "socket.url", [&] {
      for (const auto& each : target_->socket.urls) answers(each);
    });
    return base && socket;
  }

  void make_users() {
    auto names = options_.users;
    while (names.size() < 3) names.push_back(fmt::format("rc-{}-{}", options_.run, names.size() + 1));
    for (std::size_t i = 0; i < 3; ++i) {
      users_.push_back(
          std::make_unique<user>(io_, target_, names[i], user_options{.row = static_cast<std::uint64_t>(i)}));
      const auto problem = await<std::string>(io_, soon() + 60s, [&](auto done) { users_.back()->log_in(done); });
      if (!problem || !problem->empty())
        throw failure{of_login(*users_.back(), problem.value_or("no end of the log-in"))};
    }
    if (!lists()) {
      current_.said = fmt::format("{}, {}, {}", alice().id(), bob().id(), carol().id());
      return;
    }
    // The chats of a user are the least that a credential is good for.
    const auto mine = ask<page<chat>>([&](auto done) { alice().list_chats(std::move(done)); });
    if (const auto why = diagnose(mine.exchange, {})) {
      throw failure{*why, mine.status() == 404 || mine.status() == 405 ? "rest.list_chats" : "login"};
    }
    const auto bad = ask<page<chat>>(
        [&](auto done) { alice().list_chats(std::move(done), {.credential = other_token{"not-a-token"}}); });
    if (bad.exchange.success()) {
      throw failure{{culprit::server, fmt::format("{} with a credential that is none", bad.status()),
                     "the server lets anybody in: check the credential there"}};
    }
    if (bad.exchange.answered()) result_.measured.bad_token_status = bad.status();
    current_.said = fmt::format("{}, {}, {}; a bad credential is answered {}", alice().id(), bob().id(), carol().id(),
                                bad.status());
  }

  // A target may have no list of chats.
  bool lists() const { return !target_->rest || target_->rest->list_chats; }

  diagnosis of_login(const user& who, const std::string& problem) {
    const http::exchange& came = who.login_answer();
    keep(came);
    auto why = diagnose(came, {.json = false});
    if (!why && came.status != 0) why = unreadable(came, problem);
    if (!why) why = diagnosis{culprit::file, problem, "mend the step that is named, or its users"};
    why->what = problem;
    return *why;
  }

  // An answer in which a pointer of the file found nothing: the problem names the pointer, or a member.
  static diagnosis unreadable(const http::exchange& came, const std::string& problem) {
    const auto slash = problem.rfind('/');
    const auto quote = problem.find('\'');
    const std::string wanted =
        slash != std::string::npos   ? problem.substr(slash, problem.find_first_of(" ',;", slash) - slash)
        : quote != std::string::npos ? problem.substr(quote + 1, problem.find('\'', quote + 1) - quote - 1)
                                     : std::string();
    auto why = diagnose_pointer(came.body, wanted, problem);
    why.what = fmt::format("{}, but {}", came.status, problem);
    return why;
  }

  user& alice() { return *users_[0]; }
  user& bob() { return *users_[1]; }
  user& carol() { return *users_[2]; }

  template <class T, class Start>
  reply<T> ask(Start start) {
    auto came = await<reply<T>>(io_, soon() + 2s, std::move(start));
    if (!came) throw failure{{culprit::server, "no answer", "is it up?"}};
    keep(came->exchange);
    return std::move(*came);
  }

  // The value of an action, or why there is none.
  template <class T>
  T value_of(reply<T> came) {
    if (came.ok()) return std::move(*came.value);
    if (const auto why = diagnose(came.exchange, {})) throw failure{*why};
    throw failure{unreadable(came.exchange, came.problem)};
  }

  std::string text(std::string_view what) { return fmt::format("rc-{} {} {}", options_.run, what, ++texts_); }

  message post(user& from, const std::string& what) {
    return value_of(ask<message>([&](auto done) { from.send(chat_, what, std::move(done)); }));
  }

  void create() {
    chat_ = value_of(ask<chat>([&](auto done) { alice().create_chat(bob(), std::move(done)); })).id;
    current_.said = "chat " + chat_;
  }

  void list() {
    std::vector<chat> chats;
    if (target_->rest) {
      auto mine = await<chat_walk>(io_, soon() + 2s, [&](auto done) { bob().walk_chats(std::move(done)); });
      if (!mine || !mine->complete) {
        throw failure{{culprit::file, mine ? mine->problem : "the list has no end", "mend the pages of the list"}};
      }
      chats = std::move(mine->chats);
    } else {
      chats = value_of(ask<page<chat>>([&](auto done) { bob().list_chats(std::move(done)); })).items;
    }
    const std::string here = bob().name_of_chat(chat_);
    if (std::ranges::none_of(chats, [&](const chat& each) { return each.id == here || each.id == chat_; })) {
      throw failure{{culprit::file,
                     fmt::format("chat {} is not in the list of {} chats of its second member", here, chats.size()),
                     "mend where the list and its ids are, or its order and pages"}};
    }
    current_.said = fmt::format("{} chats, this one among them", chats.size());
  }

  void send() {
    first_text_ = text("one");
    first_ = post(alice(), first_text_).id;
    current_.said = "message " + first_;
  }

  void history() {
    const auto read = await<walk>(io_, soon() + 2s, [&](auto done) { bob().walk_history(chat_, std::move(done)); });
    if (!read) throw failure{{culprit::server, "no answer", "is it up?"}};
    for (const auto& each : read->exchanges) keep(each);
    const std::string body = read->exchanges.empty() ? "" : read->exchanges.back().body;
    if (!read->exchanges.empty()) {
      if (const auto why = diagnose(read->exchanges.back(), {})) throw failure{*why};
    }
    if (!read->complete) throw failure{{culprit::file, read->problem, "mend the pages of the history"}};
    const auto found = std::ranges::find(read->messages, first_, &message::id);
    if (found == read->messages.end()) {
      const auto places = pointers_to(body, first_text_);
      throw failure{
          {culprit::file, fmt::format("message {} is not among the {} of the history", first_, read->messages.size()),
           places.empty() ? "mend the path, order or pages of the history"
                          : fmt::format("its text stands at {}: mend the pointers", fmt::join(places, ", "))}};
    }
    if (found->body != first_text_) {
      throw failure{{culprit::file,
                     fmt::format("message {} has the text '{}', '{}' was sent", first_, found->body, first_text_),
                     "mend the pointer to the text, or how it is rendered"}};
    }
    current_.said = fmt::format("{} messages, this one among them", read->messages.size());
  }

  std::unique_ptr<watched> listen(user& who) {
    auto ear = std::make_unique<watched>();
    ear->socket = who.open_socket(
        {.on_open = [seen = ear.get()](time_point) { seen->open = true; },
         .on_message = [seen = ear.get()](const message& each, std::string_view,
                                          time_point) { seen->messages.push_back(each); },
         .on_other = [seen = ear.get()](std::string_view frame, time_point) { seen->others.emplace_back(frame); }});
    return ear;
  }

  void until(watched& ear, const std::function<bool()>& holds) {
    pump(
        io_, [&] { return holds() || ear.socket->ended().has_value(); }, soon());
    if (options_.transcript) {
      for (const auto& frame : ear.others) current_.transcript.push_back("< " + frame);
    }
    if (!holds() && ear.socket->ended()) throw failure{diagnose(*ear.socket->ended())};
  }

  void open_socket() {
    bob_ear_ = listen(bob());
    until(*bob_ear_, [&] { return bob_ear_->open || bob_ear_->socket->ready(); });
    if (!bob_ear_->open)
      throw failure{{culprit::server, "the handshake was not answered in time", "is it overloaded or hung?"}};
    current_.said = "open";
  }

  void wait_until_ready() {
    until(*bob_ear_, [&] { return bob_ear_->socket->ready(); });
    if (!bob_ear_->socket->ready()) {
      throw failure{{culprit::file,
                     bob_ear_->others.empty()
                         ? "connected, but nothing came that says it is ready"
                         : fmt::format("connected, but no ready came; what came: {}", bob_ear_->others.front()),
                     "say in socket.ready what tells a client that it is connected"}};
    }
    current_.said = fmt::format("after {} ms", std::chrono::duration_cast<std::chrono::milliseconds>(
                                                   *bob_ear_->socket->ready_at() - bob_ear_->socket->started())
                                                   .count());
  }

  // Sends and waits for the message at the recipient's socket; returns it.
  message deliver(watched& ear, user& from, std::string_view what) {
    const std::string said = text(what);
    const message sent = post(from, said);
    until(ear, [&] { return ear.got(sent.id); });
    if (!ear.got(sent.id)) {
      for (const auto& frame : ear.others) {
        if (const auto places = pointers_to(frame, said); !places.empty()) {
          throw failure{{culprit::file, fmt::format("it came in a frame that is no message for the file: {}", frame),
                         fmt::format("its text stands at {}: mend socket.message", fmt::join(places, ", "))}};
        }
      }
      throw failure{
          {culprit::server,
           fmt::format("message {} was acknowledged and did not come to the socket of its recipient", sent.id),
           ear.others.empty() ? "is it published, and is the socket's user the recipient?"
                              : fmt::format("what came is: {}", ear.others.back())}};
    }
    return sent;
  }

  void receive() {
    const message sent = deliver(*bob_ear_, alice(), "two");
    current_.said = "message " + sent.id;
  }

  // A later message to her proves that her own one does not come any more.
  void echo() {
    const auto ear = listen(alice());
    until(*ear, [&] { return ear->socket->ready(); });
    if (!ear->socket->ready())
      throw failure{{culprit::server, "the sender's own socket did not become ready", "is a second socket allowed?"}};
    const message own = deliver(*bob_ear_, alice(), "three");
    deliver(*ear, bob(), "four");
    result_.measured.echo = ear->got(own.id);
    current_.said =
        *result_.measured.echo ? "the sender gets its own message" : "the sender does not get its own message";
    if (*result_.measured.echo != target_->delivery.echo) {
      throw failure{{culprit::file, current_.said, fmt::format("delivery: {{ echo: {} }}", *result_.measured.echo)}};
    }
  }

  void stranger() {
    const auto read = ask<page<message>>([&](auto done) { carol().history(chat_, {}, std::move(done)); });
    if (!read.exchange.answered()) throw failure{*diagnose(read.exchange, {})};
    if (read.exchange.success() && (!read.value || !read.value->items.empty())) {
      throw failure{{culprit::server, fmt::format("{}: somebody who is no member reads the history", read.status()),
                     "check the membership there"}};
    }
    result_.measured.stranger_status = read.status();
    current_.said = fmt::format("refused with {}", read.status());
  }

  // Sent while nobody listens; a later message on the new socket proves whether it was dropped.
  void offline() {
    bob_ear_->socket->close();
    pump(
        io_, [&] { return bob_ear_->socket->ended().has_value(); }, soon());
    const message missed = post(alice(), text("five"));
    if (target_->delivery.settle > 0ms)
      pump(
          io_, [] { return false; }, clock::now() + target_->delivery.settle);
    bob_ear_ = listen(bob());
    until(*bob_ear_, [&] { return bob_ear_->socket->ready(); });
    deliver(*bob_ear_, alice(), "six");
    result_.measured.offline = bob_ear_->got(missed.id) ? offline_policy::replay : offline_policy::discard;
    const bool replayed = result_.measured.offline == offline_policy::replay;
    current_.said = replayed ? "sent again on the next socket" : "dropped";
    if (result_.measured.offline != target_->delivery.offline) {
      throw failure{{culprit::file, fmt::format("a message for nobody connected was {}", current_.said),
                     fmt::format("delivery: {{ offline: {} }}", replayed ? "replay" : "discard")}};
    }
  }

  void disconnect() {
    if (bob_ear_->socket->ended()) throw failure{diagnose(*bob_ear_->socket->ended())};
    bob_ear_->socket->close();
    pump(
        io_, [&] { return bob_ear_->socket->ended().has_value(); }, soon());
    current_.said = bob_ear_->socket->ended() ? bob_ear_->socket->ended()->summary() : "still open";
  }

  asio::io_context io_;
  std::shared_ptr<const client::target> target_;
  const options& options_;
  examination result_;
  step current_;
  std::vector<std::unique_ptr<user>> users_;
  std::string chat_, first_, first_text_;
  std::unique_ptr<watched> bob_ear_;
  int texts_ = 0;
};

}  // namespace

bool examination::healthy() const {
  return first_failure() == nullptr &&
         std::ranges::none_of(steps, [](const step& each) { return each.outcome == outcome::skipped; });
}

const step* examination::first_failure() const {
  const auto found = std::ranges::find(steps, outcome::failed, &step::outcome);
  return found == steps.end() ? nullptr : &*found;
}

std::string examination::yaml(const target& target) const {
  std::string out;
  if (measured.echo && *measured.echo != target.delivery.echo) out += fmt::format("  echo: {}\n", *measured.echo);
  if (measured.offline && *measured.offline != target.delivery.offline) {
    out += fmt::format("  offline: {}\n", *measured.offline == offline_policy::replay ? "replay" : "discard");
  }
  return out.empty() ? out : "delivery:\n" + out;
}

examination examine(const target& target, const options& options) {
  return walk_through(target, options).run();
}

}  // namespace client::doctor

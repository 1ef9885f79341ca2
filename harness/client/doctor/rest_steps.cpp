#include "harness/client/doctor/steps.hpp"
#include "harness/client/http/connection.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace client::doctor {

namespace {

using namespace std::chrono_literals;

http::exchange get(visit& at, const url& where) {
  url origin = where;
  origin.path = "/";  // the whole path is asked for below it
  http::connection connection(at.io, origin);
  const auto deadline = at.soon();
  http::request request;
  request.target = where.path;
  auto came = await<http::exchange>(at.io, deadline + 1s, [&](auto done) {
    connection.send(std::move(request), clock::now(), deadline, std::move(done));
  });
  if (!came) throw failure{{culprit::server, "no answer", "is it up?"}};
  return std::move(*came);
}

std::string counted(std::size_t number, std::string_view what) {
  return fmt::format("{} {}{}", number, what, number == 1 ? "" : "s");
}

diagnosis of_login(const user& who, const std::string& problem) {
  const http::exchange& came = who.login_answer();
  auto why = diagnose(came, {.json = false});
  if (!why && came.status != 0) why = unreadable(came, problem).why;
  if (!why) why = diagnosis{culprit::file, problem, "mend the step that is named, or its users"};
  why->what = problem;
  return *why;
}

}  // namespace

// It tells that the name, the port and the protocol are right. A redirect is followed within its own address, to see
// whether it ends.
void answers(visit& at, url where) {
  constexpr int most_hops = 10;
  const std::string asked = where.text();
  for (int hops = 0;; ++hops) {
    const auto came = get(at, where);
    if (!came.answered()) throw failure{*diagnose(came, {})};
    const auto next = came.find("Location");
    if (came.status < 300 || came.status >= 400 || !next) {
      at.step.said += fmt::format("{}{} answers {}", at.step.said.empty() ? "" : "; ", asked, came.status);
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
      throw failure{{culprit::file, fmt::format("{} sends to {}", asked, *next), "give that address, if it is yours"}};
    }
  }
}

void log_in(visit& at, std::size_t users, std::shared_ptr<session_store> kept) {
  auto names = at.asked.users;
  while (names.size() < users) names.push_back(fmt::format("rc-{}-{}", at.asked.run, names.size() + 1));
  for (std::size_t i = 0; i < users; ++i) {
    user_options how{.row = static_cast<std::uint64_t>(i), .sessions = kept, .on_created = at.asked.on_created};
    at.users.push_back(std::make_unique<user>(at.io, at.target, names[i], std::move(how)));
    user& who = *at.users.back();
    const auto problem = await<std::string>(at.io, at.soon() + 60s, [&](auto done) { who.log_in(done); });
    if (!problem || !problem->empty()) throw failure{of_login(who, problem.value_or("no end of the log-in"))};
    at.step.said += fmt::format("{}{}", i == 0 ? "" : ", ", who.id());
  }
}

// The chats of a user are the least that a credential is good for.
void try_own_credential(visit& at) {
  if (!at.lists()) return;
  const auto mine = at.ask<page<chat>>([&](auto done) { at.alice().list_chats(std::move(done)); });
  if (const auto why = diagnose(mine.exchange, {})) {
    throw failure{*why, mine.status() == 404 || mine.status() == 405 ? "rest.list_chats" : "login"};
  }
}

void try_bad_credential(visit& at) {
  if (!at.lists()) return;
  const auto bad = at.ask<page<chat>>(
      [&](auto done) { at.alice().list_chats(std::move(done), {.credential = other_token{"not-a-token"}}); });
  if (bad.exchange.success()) {
    throw failure{{culprit::server, fmt::format("{} with a credential that is none", bad.status()),
                   "the server lets anybody in: check the credential there"}};
  }
  at.step.said += fmt::format("; a bad credential is answered {}", bad.status());
}

void create(visit& at) {
  at.chat = at.value_of(at.ask<chat>([&](auto done) { at.alice().create_chat(at.bob(), std::move(done)); })).id;
  at.step.said = "chat " + at.chat;
}

void list(visit& at) {
  std::vector<chat> chats;
  if (at.target->rest) {
    auto mine = await<chat_walk>(at.io, at.soon() + 2s, [&](auto done) { at.bob().walk_chats(std::move(done)); });
    if (!mine || !mine->complete) {
      throw failure{{culprit::file, mine ? mine->problem : "the list has no end", "mend the pages of the list"}};
    }
    chats = std::move(mine->chats);
  } else {
    chats = at.value_of(at.ask<page<chat>>([&](auto done) { at.bob().list_chats(std::move(done)); })).items;
  }
  const std::string here = at.bob().name_of_chat(at.chat);
  if (std::ranges::none_of(chats, [&](const chat& each) { return each.id == here || each.id == at.chat; })) {
    throw failure{{culprit::file,
                   fmt::format("chat {} is not in the list of {} chats of its second member", here, chats.size()),
                   "mend where the list and its ids are, or its order and pages"}};
  }
  at.step.said = fmt::format("this one among {}", counted(chats.size(), "chat"));
}

void send(visit& at) {
  at.first_text = at.text("one");
  auto came = at.try_post(at.alice(), at.first_text);
  const int status = came.status();
  at.first = at.value_of(std::move(came)).id;
  at.step.said = "message " + at.first;
  if (at.target->rest) at.measure("rest.send.expect", std::to_string(status), true);
}

void history(visit& at) {
  const auto read =
      await<walk>(at.io, at.soon() + 2s, [&](auto done) { at.bob().walk_history(at.chat, std::move(done)); });
  if (!read) throw failure{{culprit::server, "no answer", "is it up?"}};
  if (!read->exchanges.empty()) {
    if (const auto why = diagnose(read->exchanges.back(), {})) {
      throw failure{*why, {}, read->exchanges.back().status != 403};
    }
  }
  if (!read->complete) throw failure{{culprit::file, read->problem, "mend the pages of the history"}, {}, false};
  const auto same = std::ranges::find(read->messages, at.first, &message::id);
  if (same != read->messages.end() && same->body == at.first_text) {
    at.step.said = fmt::format("this one among {}", counted(read->messages.size(), "message"));
    return;
  }
  std::vector<std::string> places;
  for (const auto& each : read->exchanges) {
    if (places.empty()) places = pointers_to(each.body, at.first_text);
  }
  const std::string elsewhere = fmt::format("its text stands at {}: mend the pointers", fmt::join(places, ", "));
  if (same == read->messages.end()) {
    throw failure{
        {culprit::file, fmt::format("message {} is not among the {} of the history", at.first, read->messages.size()),
         places.empty() ? "mend the path, order or pages of the history" : elsewhere},
        {},
        !places.empty()};
  }
  const bool misread = same->body.empty() && !places.empty();
  throw failure{
      {culprit::file, fmt::format("message {} has the text '{}', '{}' was sent", at.first, same->body, at.first_text),
       misread ? elsewhere : "mend the pointer to the text, or how it is rendered"},
      {},
      misread};
}

void stranger(visit& at) {
  std::vector<int> seen;
  if (at.reads()) {
    const auto read = at.ask<page<message>>([&](auto done) { at.carol().history(at.chat, {}, std::move(done)); });
    if (!read.exchange.answered()) throw failure{*diagnose(read.exchange, {})};
    if (read.exchange.success() && (!read.value || !read.value->items.empty())) {
      throw failure{{culprit::server, fmt::format("{}: somebody who is no member reads the history", read.status()),
                     "check the membership there"}};
    }
    at.step.said = fmt::format("reading is refused with {}, ", read.status());
    seen.push_back(read.status());
  }
  const auto sent = at.try_post(at.carol(), at.text("strange"));
  if (sent.exchange.success()) {
    throw failure{{culprit::server, fmt::format("{}: somebody who is no member sends into the chat", sent.status()),
                   "check the membership there"}};
  }
  at.step.said += fmt::format("sending is refused with {}", sent.status());
  seen.push_back(sent.status());
  at.insist_on_refusals("errors.stranger", std::move(seen), at.target->errors.stranger, {403, 404});
}

}  // namespace client::doctor

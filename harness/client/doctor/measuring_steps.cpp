// What a target file may leave out, found by trying: what is the same a second time, how texts come back, and with
// which statuses the server refuses.
#include "harness/client/doctor/measured.hpp"
#include "harness/client/doctor/steps.hpp"
#include "harness/client/user/list_page.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace client::doctor {

namespace {

using namespace std::chrono_literals;

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(' ');
  return first == std::string::npos ? std::string() : text.substr(first, text.find_last_not_of(' ') + 1 - first);
}

// The text of a message as the history has it, before anything is made of it.
std::optional<std::string> text_in_history(visit& at, const std::string& id) {
  const auto read =
      await<walk>(at.io, at.soon() + 2s, [&](auto done) { at.bob().walk_history(at.chat, std::move(done)); });
  if (!read) return std::nullopt;
  if (!at.target->rest) {
    const auto found = std::ranges::find(read->messages, id, &message::id);
    return found == read->messages.end() ? std::nullopt : std::optional(found->body);
  }
  list_action as_it_is = *at.target->rest->history;
  as_it_is.html = false;
  for (const http::exchange& each : read->exchanges) {
    const auto page = read_list_page(as_it_is, each.body);
    if (!page) continue;
    for (const list_row& row : page->rows) {
      if (row.value.id == id) return row.value.body;
    }
  }
  return std::nullopt;
}

int status_of_raw(visit& at, user& from, const std::string& body) {
  const auto came =
      await<http::exchange>(at.io, at.soon() + 2s, [&](auto done) { from.send_raw(at.chat, body, std::move(done)); });
  return came && came->answered() ? came->status : 0;
}

bool is_usual_refusal(int status) {
  return status >= 400 && status < 500 && status != 401 && status != 403 && status != 404 && status != 429;
}

bool all_in(const std::vector<int>& some, const std::vector<int>& all) {
  return std::ranges::all_of(some, [&](int each) { return std::ranges::find(all, each) != all.end(); });
}

}  // namespace

void create_again(visit& at) {
  const auto again = at.ask<chat>([&](auto done) { at.alice().create_chat(at.bob(), std::move(done)); });
  if (!again.ok()) {
    at.step.said = "not measured: " + again.summary();
    return;
  }
  const bool same = again.value->id == at.chat;
  at.step.said = same ? "the same chat" : "a new one, chat " + again.value->id;
  if (!at.target->rest || at.target->rest->create_chat.steps.empty()) return;
  at.insist("rest.create_chat.repeat", same ? "same" : "new", same == at.target->rest->create_chat.repeat_same);
}

void text(visit& at) {
  const std::string sent = fmt::format("  {} <b>x</b> &amp; \"y\"  ", at.text("text"));
  const auto came = at.try_post(at.alice(), sent);
  if (!came.ok()) {
    at.step.said = "not measured: " + came.summary();
    return;
  }
  const auto kept = text_in_history(at, came.value->id);
  if (!kept) {
    at.step.said = "not measured: the message is not in the history";
    return;
  }
  const bool cut = trimmed(*kept) == trimmed(sent) && *kept != sent;
  const bool exact = *kept == sent || cut;
  const bool rendered = !exact && trimmed(plain_of_html(*kept)) == trimmed(sent);
  at.step.said = *kept == sent ? "comes back exactly"
                 : cut         ? "comes back without the spaces at its ends (MSG-04)"
                 : rendered    ? "comes back rendered as HTML"
                               : fmt::format("comes back as '{}'", *kept);
  if (!at.target->rest || (!exact && !rendered)) return;
  at.insist("rest.history.rendering", rendered ? "html" : "plain", at.target->rest->history->html == rendered);
}

void no_session(visit& at) {
  if (!at.lists()) {
    at.step.said = "not measured: the target file has no rest.list_chats";
    return;
  }
  std::vector<int> seen;
  for (const credential& each : {credential(no_credential{}), credential(other_token{"not-a-token"})}) {
    const auto came =
        at.ask<page<chat>>([&](auto done) { at.alice().list_chats(std::move(done), {.credential = each}); });
    if (came.exchange.answered()) seen.push_back(came.status());
  }
  at.step.said = fmt::format("without and with a bad credential: {}", fmt::join(seen, " and "));
  if (std::ranges::any_of(seen, [](int status) { return status >= 200 && status < 300; })) {
    throw failure{{culprit::server, at.step.said, "the server lets anybody in: check the credential there"}};
  }
  at.insist_on_refusals("errors.no_session", seen, at.target->errors.no_session, {401, 403});
}

// A longer list than what is seen here may well be right: only what is outside of the usual or the declared is told.
void bad_input(visit& at) {
  std::vector<int> seen{status_of_raw(at, at.alice(), "{"), status_of_raw(at, at.alice(), "{}")};
  for (const char* bare : {"null", "7", "[]"}) {
    seen.push_back(status_of_raw(at, at.alice(), at.alice().send_body(at.chat, bare, true)));
  }
  at.step.said = fmt::format("no JSON: {}; no text: {}; null, 7 and [] for it: {}, {}, {}", seen[0], seen[1], seen[2],
                             seen[3], seen[4]);
  std::erase_if(seen, [](int status) { return status < 400 || status >= 500 || status == 429; });
  const auto& declared = at.target->errors.bad_input;
  if (declared.empty() && std::ranges::all_of(seen, is_usual_refusal)) return;
  if (all_in(seen, declared)) return;
  seen.insert(seen.end(), declared.begin(), declared.end());
  at.insist("errors.bad_input", to_list(seen), false);
}

}  // namespace client::doctor

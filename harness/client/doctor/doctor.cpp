#include "harness/client/doctor/doctor.hpp"

#include "harness/client/doctor/steps.hpp"

#include <algorithm>

namespace client::doctor {

namespace {

bool all_answer(visit& at) {
  const bool base = at.step_if(true, "base_url", "base_url", [](visit& it) {
    for (const auto& each : it.target->base_urls) answers(it, each);
  });
  const bool socket = at.step_if(true, "socket_url", "socket.url", [](visit& it) {
    for (const auto& each : it.target->socket.urls) answers(it, each);
  });
  return base && socket;
}

// A failure after which a run would judge the file, or nothing at all.
bool hopeless(const visit& at) {
  const auto& step = at.found.steps.back();
  if (step.outcome != outcome::failed) return false;
  const bool before_anything = at.chat.empty() && step.name != "create";
  return before_anything || step.name == "socket" || (at.misfits && at.certain);
}

}  // namespace

bool examination::healthy() const {
  return first_failure() == nullptr &&
         std::ranges::none_of(steps, [](const step& each) { return each.outcome == outcome::skipped; });
}

const step* examination::first_failure() const {
  const auto found = std::ranges::find(steps, outcome::failed, &step::outcome);
  return found == steps.end() ? nullptr : &*found;
}

examination examine(const target& target, const options& options) {
  visit at(target, options);
  // The first word of each line: what the step needs.
  const bool served = all_answer(at);
  const bool known = at.step_if(served, "users", "login", [](visit& it) {
    log_in(it, 3);
    try_own_credential(it);
    try_bad_credential(it);
  });
  const bool chat = at.step_if(known, "create", "rest.create_chat", create);
  at.step_if(chat, "again", "rest.create_chat", create_again);
  if (at.lists()) at.step_if(chat, "list", "rest.list_chats", list);
  const bool sent = at.step_if(chat, "send", "rest.send", send);
  const bool read = at.reads() && at.step_if(sent, "history", "rest.history", history);
  if (at.reads()) at.step_if(read, "text", "rest.history.text", text);
  const bool open = at.step_if(known, "socket", "socket", open_socket);
  const bool ready = at.step_if(open, "ready", "socket.ready", wait_until_ready);
  const bool received = at.step_if(ready && sent, "receive", "socket.message", receive);
  at.step_if(received, "echo", "delivery.echo", echo);
  at.step_if(chat, "stranger", "errors.stranger", stranger);
  at.step_if(known, "no_session", "errors.no_session", no_session);
  at.step_if(chat, "bad_input", "errors.bad_input", bad_input);
  at.step_if(received, "offline", "delivery.offline", offline);
  // Late: a server may have enough of so many messages.
  if (has_pages(at)) at.step_if(read, "pages", "rest.history.pages", pages);
  at.step_if(open, "disconnect", "socket", disconnect);
  return std::move(at.found);
}

std::optional<step> smoke(const target& target, const options& options) {
  visit at(target, options);
  const auto next = [&](bool possible, std::string_view name, std::string_view key, auto body) {
    return at.step_if(possible, name, key, body) || !hopeless(at);
  };
  const bool go_on =
      next(true, "base_url", "base_url", [](visit& it) { answers(it, it.target->base_urls.front()); }) &&
      next(true, "socket_url", "socket.url", [](visit& it) { answers(it, it.target->socket.urls.front()); }) &&
      next(true, "users", "login", [](visit& it) {
        log_in(it, 2, session_store::of(*it.target));  // as the run itself would
        try_own_credential(it);
      });
  if (!go_on) return at.found.steps.back();
  const auto step_of_chat = [&](std::string_view name, std::string_view key, auto body) {
    return next(!at.chat.empty(), name, key, body);
  };
  const bool well = next(true, "create", "rest.create_chat", create) && next(true, "socket", "socket", open_socket) &&
                    next(true, "ready", "socket.ready", wait_until_ready) && step_of_chat("send", "rest.send", send) &&
                    (at.first.empty() || (step_of_chat("receive", "socket.message", recognise) &&
                                          step_of_chat("history", "rest.history", history)));
  hang_up(at);
  if (well) return std::nullopt;
  return at.found.steps.back();
}

}  // namespace client::doctor

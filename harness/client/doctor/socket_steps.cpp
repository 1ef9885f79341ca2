#include "harness/client/doctor/measured.hpp"
#include "harness/client/doctor/steps.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <optional>

namespace client::doctor {

namespace {

using namespace std::chrono_literals;

std::unique_ptr<ear> listen(visit& at, user& who) {
  auto out = std::make_unique<ear>();
  out->socket = who.open_socket(
      {.on_open = [seen = out.get()](time_point) { seen->open = true; },
       .on_message = [seen = out.get()](const message& each, std::string_view,
                                        time_point) { seen->messages.push_back(each); },
       .on_other = [seen = out.get()](std::string_view frame, time_point) { seen->others.emplace_back(frame); },
       .on_frame = [&at](std::string_view frame, time_point) { at.hear('<', frame); },
       .on_written = [&at](std::string_view frame) { at.hear('>', frame); }});
  return out;
}

void until(visit& at, ear& hears, const std::function<bool()>& holds, time_point deadline) {
  pump(
      at.io, [&] { return holds() || hears.socket->ended().has_value(); }, deadline);
  if (!holds() && hears.socket->ended()) throw failure{diagnose(*hears.socket->ended())};
}

void until(visit& at, ear& hears, const std::function<bool()>& holds) {
  until(at, hears, holds, at.soon());
}

// What is sent from then on must come.
bool is_ready(visit& at, ear& hears) {
  until(at, hears, [&] { return hears.socket->ready(); });
  const auto& declared = at.target->delivery;
  if (hears.socket->ready() && declared.warm_up > 0ms) {
    until(
        at, hears, [] { return false; }, *hears.socket->ready_at() + declared.warm_up);
  }
  return hears.socket->ready();
}

// What the server said unasked, as a sign that it is ready; where something has to be said first nothing can be told.
std::optional<std::string> likely_ready(const visit& at) {
  const auto& socket = at.target->socket;
  if (!socket.handshake.empty() || !socket.join.empty()) return std::nullopt;
  const bool events = socket.kind == socket_kind::socketio;
  if (at.bobs->others.empty()) return events ? "connect" : "open";
  return sign_of(at.bobs->others.front(), events);
}

// Throws when a message came in a frame that is none for the file.
void look_for(const ear& hears, const std::string& said) {
  for (const auto& frame : hears.others) {
    if (const auto places = pointers_to(frame, said); !places.empty()) {
      throw failure{{culprit::file, fmt::format("it came in a frame that is no message for the file: {}", frame),
                     fmt::format("its text stands at {}: mend socket.message", fmt::join(places, ", "))}};
    }
  }
}

// Sends and waits for the message at the recipient's socket; returns it.
message deliver(visit& at, ear& hears, user& from, std::string_view what) {
  const std::string said = at.text(what);
  const message sent = at.post(from, said);
  until(at, hears, [&] { return hears.got(sent.id); });
  if (!hears.got(sent.id)) {
    look_for(hears, said);
    throw failure{{culprit::server,
                   fmt::format("message {} was acknowledged and did not come to the socket of its recipient", sent.id),
                   hears.others.empty() ? "is it published, and is the socket's user the recipient?"
                                        : fmt::format("what came is: {}", hears.others.back())}};
  }
  return sent;
}

}  // namespace

void open_socket(visit& at) {
  at.bobs = listen(at, at.bob());
  until(at, *at.bobs, [&] { return at.bobs->open || at.bobs->socket->ready(); });
  if (!at.bobs->open)
    throw failure{{culprit::server, "the handshake was not answered in time", "is it overloaded or hung?"}};
  at.step.said = "open";
}

void wait_until_ready(visit& at) {
  if (!is_ready(at, *at.bobs)) {
    if (const auto sign = likely_ready(at)) at.measure("socket.ready", *sign, false);
    throw failure{{culprit::file,
                   at.bobs->others.empty()
                       ? "connected, but nothing came that says it is ready"
                       : fmt::format("connected, but no ready came; what came: {}", at.bobs->others.front()),
                   "say in socket.ready what tells a client that it is connected"}};
  }
  at.step.said = fmt::format("after {} ms", std::chrono::duration_cast<std::chrono::milliseconds>(
                                                *at.bobs->socket->ready_at() - at.bobs->socket->started())
                                                .count());
  if (at.target->delivery.warm_up > 0ms) {
    at.step.said += fmt::format(", and the declared warm-up of {} ms", at.target->delivery.warm_up.count());
  }
}

void receive(visit& at) {
  at.step.said = "message " + deliver(at, *at.bobs, at.alice(), "two").id;
}

// What does not come soon is a suite's business, unless it came unrecognised.
void recognise(visit& at) {
  ear& hears = *at.bobs;
  const auto unrecognised = [&] {
    return !hears.others.empty() && hears.others.back().find(at.first_text) != std::string::npos;
  };
  pump(
      at.io, [&] { return hears.got(at.first) || unrecognised() || hears.socket->ended(); },
      std::min(at.soon(), clock::now() + 1s));
  if (!hears.got(at.first)) look_for(hears, at.first_text);
  at.step.said = "message " + at.first;
}

// A later message to her proves that her own one does not come any more.
void echo(visit& at) {
  const auto hers = listen(at, at.alice());
  if (!is_ready(at, *hers))
    throw failure{{culprit::server, "the sender's own socket did not become ready", "is a second socket allowed?"}};
  const message own = deliver(at, *at.bobs, at.alice(), "three");
  deliver(at, *hers, at.bob(), "four");
  const bool heard = hers->got(own.id);
  at.step.said = heard ? "the sender gets its own message" : "the sender does not get its own message";
  at.insist("delivery.echo", heard ? "true" : "false", heard == at.target->delivery.echo);
}

// Sent while nobody listens; a later message on the new socket proves whether it was dropped.
void offline(visit& at) {
  hang_up(at);
  const message missed = at.post(at.alice(), at.text("five"));
  if (at.target->delivery.settle > 0ms)
    pump(
        at.io, [] { return false; }, clock::now() + at.target->delivery.settle);
  at.bobs = listen(at, at.bob());
  is_ready(at, *at.bobs);
  deliver(at, *at.bobs, at.alice(), "six");
  const bool replayed = at.bobs->got(missed.id);
  const bool declared = at.target->delivery.offline == offline_policy::replay;
  at.step.said = replayed ? "sent again on the next socket" : "dropped";
  if (replayed != declared) at.step.said = "a message for nobody connected was " + at.step.said;
  at.insist("delivery.offline", replayed ? "replay" : "discard", replayed == declared);
}

void hang_up(visit& at) {
  if (!at.bobs || at.bobs->socket->ended()) return;
  at.bobs->socket->close();
  pump(
      at.io, [&] { return at.bobs->socket->ended().has_value(); }, at.soon());
}

void disconnect(visit& at) {
  if (at.bobs->socket->ended()) throw failure{diagnose(*at.bobs->socket->ended())};
  hang_up(at);
  at.step.said = at.bobs->socket->ended() ? at.bobs->socket->ended()->summary() : "still open";
}

}  // namespace client::doctor

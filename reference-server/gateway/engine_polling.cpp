// Sessions whose bytes travel in polls and POSTs. A poll is answered at the end of the turn in which something became
// due, with all that is due.
#include "reference-server/gateway/engine.hpp"
#include "reference-server/gateway/wall_clock.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace gateway {

namespace {

http::response text_answer(std::string body, std::string headers) {
  http::response answer;
  answer.content_type = "text/plain; charset=UTF-8";
  answer.headers = std::move(headers) + "Cache-Control: no-store\r\n";
  answer.body = std::move(body);
  return answer;
}

// The end of these is the client's own doing, or comes too late for it: there is nothing to wait for.
bool forgotten_at_once(close_code why) {
  return why != close_code::going_away && why != close_code::service_restart && why != close_code::token_expired;
}

bool is_utf8(std::string_view text) {
  utf8_check check;
  return check.feed(text) && check.complete();
}

}  // namespace

void engine::answer_with(http::exchange asked, std::string body) {
  auto headers = allow_origin(asked.request(), options_.origins);
  asked.answer(text_answer(std::move(body), std::move(headers)));
}

void engine::open_polling(http::exchange asked) {
  std::uint32_t at = 0;
  slot& p = create(carrier::polling, at);
  p.polling = std::make_unique<polling_side>();
  answer_with(std::move(asked), open_packet(p));
  owner_.on_opened(name_of(at));
}

void engine::poll(std::uint32_t at, http::exchange asked) {
  slot& p = slots_[at];
  const auto headers = allow_origin(asked.request(), options_.origins);
  const auto refuse_as = [&](engine_refusal why) { asked.answer(refuse(why, headers)); };
  if (!p.polling) return refuse_as(engine_refusal::bad_request);
  switch (p.rules->poll_came(!p.polling->due.empty())) {
    case socketio::session::poll::refuse:
      return refuse_as(engine_refusal::bad_request);
    case socketio::session::poll::duplicate:
      end_polling(at, close_code::none);
      return refuse_as(engine_refusal::bad_request);
    case socketio::session::poll::answer:
      p.polling->held = std::move(asked);
      return answer_poll(at, "6");
    case socketio::session::poll::hold:
      break;
  }
  p.polling->held = std::move(asked);
  // The session may get another name meanwhile: what counts is that this poll is still held.
  p.polling->held->watch_end([this, at, number = ++polls_held_] {
    const auto* const side = slots_[at].polling.get();
    if (open(at) && side != nullptr && side->held && side->held_number == number) end_polling(at, close_code::none);
  });
  p.polling->held_number = polls_held_;
  schedule(at);  // while the client is upgrading it is released soon
}

void engine::post(std::uint32_t at, http::exchange asked) {
  slot& p = slots_[at];
  auto headers = allow_origin(asked.request(), options_.origins);
  const auto& request = asked.request();
  const auto fault = [&](close_code why) {
    if (open(at)) end_polling(at, why);
  };
  if (!p.polling) return asked.answer(refuse(engine_refusal::bad_request, std::move(headers)));
  const auto* type = request.find("Content-Type");
  bool good = true;
  if (request.body.size() > options_.bounds.message) {
    fault(close_code::too_big);
    auto answer = http::problem(413, "more than maxPayload");
    answer.headers = std::move(headers);
    return asked.answer(std::move(answer));
  }
  if (type != nullptr && http::equal_ignoring_case(*type, "application/octet-stream")) {
    good = false;
  } else if (open(at)) {  // a client that does not yet know of its end is not blamed
    good = take_payload(at, request.body);
  }
  if (!good) {
    fault(close_code::none);
    return asked.answer(refuse(engine_refusal::bad_request, std::move(headers)));
  }
  auto answer = text_answer("ok", std::move(headers));
  answer.content_type = "text/html";
  asked.answer(std::move(answer));
}

// False when the session is to end, or has, by a fault of the client.
bool engine::take_payload(std::uint32_t at, std::string_view body) {
  if (!is_utf8(body)) return false;
  socketio::payload_reader packets(body);
  slot& p = slots_[at];
  while (packets.next()) {
    const auto meaning = p.rules->take(packets.packet());
    give_packet(at, packets.packet(), meaning);
    if (!open(at)) return meaning == socketio::session::meaning::end || p.rules.has_value();
  }
  return !packets.malformed();
}

void engine::queue(std::uint32_t at, const frame& due) {
  auto& side = *slots_[at].polling;
  const bool first = side.due.empty();
  side.due.push(due, wheel_.now());
  const auto& bounds = options_.bounds;
  const bool over = side.due.bytes() >= bounds.queued_bytes || side.due.frames() >= bounds.queued_frames;
  if (over && !slots_[at].rules->poll_held()) return end_polling(at, close_code::try_again_later);
  if (over) return answer_poll(at, "6");
  if (slots_[at].rules->poll_held()) return mark_dirty(at);
  if (first) schedule(at);  // it must not grow old
}

void engine::mark_dirty(std::uint32_t at) {
  if (std::exchange(slots_[at].polling->dirty, true)) return;
  dirty_.push_back(at);
  if (dirty_.size() == 1) boost::asio::post(context_, [this] { answer_dirty(); });
}

void engine::answer_dirty() {
  for (std::size_t i = 0; i < dirty_.size(); ++i) {  // the end of a session may add to the list
    const auto at = dirty_[i];
    auto* const side = slots_[at].polling.get();
    if (side == nullptr || !std::exchange(side->dirty, false)) continue;
    if (side->held && !side->due.empty()) answer_poll(at, "6");
  }
  dirty_.clear();
}

// Answers the poll that is held, with all that is due.
void engine::answer_poll(std::uint32_t at, std::string_view when_empty) {
  slot& p = slots_[at];
  if (open(at) && wall_now() >= p.expires_at) return end_polling(at, close_code::token_expired);
  std::string body;
  p.polling->due.each([&](const frame& one) {
    if (!body.empty()) body += socketio::payload_separator;
    one.is_binary() ? body.append(socketio::encode_binary(one.payload())) : body.append(one.payload());
  });
  if (body.empty()) body = when_empty;
  p.polling->due.reset();
  p.rules->poll_answered();
  auto held = *std::exchange(p.polling->held, std::nullopt);
  if (!open(at)) forget(at);
  // Not at once: the next request of that connection would be served in the middle of whatever is going on here.
  boost::asio::post(context_, [this, held = std::move(held), body = std::move(body)]() mutable {
    answer_with(std::move(held), std::move(body));
  });
}

void engine::end_polling(std::uint32_t at, close_code why) {
  slot& p = slots_[at];
  const auto id = name_of(at);
  auto last = owner_.last_words_of(id, why);
  p.rules->begin_close(wheel_.now());
  if (p.candidate != socket_id{}) sockets_.close(p.candidate, close_code::none);
  owner_.on_ended(id, why);
  auto& side = *p.polling;
  side.due.reset();
  if (why == close_code::normal) {
    side.due.push(frame::text({"6"}), wheel_.now());  // the client has closed it itself
  } else {
    if (last) side.due.push(std::move(last), wheel_.now());
    side.due.push(frame::text({"1"}), wheel_.now());
  }
  if (side.held) return answer_poll(at, "1");
  if (forgotten_at_once(why)) return forget(at);
  schedule(at);
}

// False when it has ended by that: too slow a client, or its token's end.
bool engine::look_at_polling(std::uint32_t at) {
  const slot& p = slots_[at];
  const auto& due = p.polling->due;
  if (wall_now() >= p.expires_at) {
    end_polling(at, close_code::token_expired);
  } else if (!due.empty() && !p.polling->held && wheel_.now() - due.oldest() >= options_.bounds.queued_age) {
    end_polling(at, close_code::try_again_later);
  }
  return open(at);
}

}  // namespace gateway

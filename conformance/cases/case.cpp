#include "conformance/cases/case.hpp"

#include "conformance/contract/requirement.hpp"
#include "harness/client/target/text_template.hpp"
#include "harness/client/user/json.hpp"
#include "harness/client/user/paths.hpp"
#include "harness/client/websocket/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace conformance {

std::string case_id(std::string_view family, std::string_view name) {
  const auto underscore = name.find('_');
  std::string id = fmt::format("{}-{}", family, name.substr(0, underscore));
  if (underscore == std::string_view::npos) return id;
  std::string variant(name.substr(underscore + 1));
  std::ranges::replace(variant, '_', '-');
  return fmt::format("{}[{}]", id, variant);
}

void conformance_case::perform(std::string_view family, std::string_view name) {
  if (stage_.stopping()) return;
  const std::string id = case_id(family, name);
  const auto began = client::clock::now();
  stage_.tell(begin_line(id));
  try {
    try {
      act();
    } catch (const cannot_conclude& reason) {
      stage_.tell(inconclusive_line(printable(reason.what())));
    } catch (const nothing_to_check& reason) {
      stage_.tell(not_run_line(printable(reason.what())));
    }
    settle();
  } catch (const stop_asked& reason) {
    stage_.tell(inconclusive_line(reason.what()));
  }
  stage_.write_trace();
  stage_.tell(end_line(id, std::chrono::duration<double>(client::clock::now() - began).count()));
}

actor& conformance_case::user() {
  try {
    return stage_.new_user();
  } catch (const stop_asked&) {
    throw;
  } catch (const std::runtime_error& trouble) {
    throw cannot_conclude(trouble.what());
  }
}

bool conformance_case::creates_by_request() const {
  const auto& rest = stage_.target().rest;
  return !rest || !rest->create_chat.steps.empty();
}

const chat& conformance_case::create_chat(actor& creator, actor& peer) {
  const auto reply = reply_of<client::reply<client::chat>>(
      [&](auto done) { creator.user().create_chat(peer.user(), std::move(done)); });
  if (!reply.ok()) throw cannot_conclude("a chat could not be created: " + reply.summary());
  return adopt(*reply.value, creator, peer);
}

const chat& conformance_case::adopt(const client::chat& created, actor& creator, actor& peer) {
  return stage_.new_chat(
      {.id = created.id, .number = stage_.trace().chat(created.id), .first = &creator, .second = &peer});
}

device& conformance_case::open(actor& owner) {
  device& opened = stage_.open_socket(owner);
  devices_.push_back(&opened);
  return opened;
}

device& conformance_case::connect(actor& owner) {
  device& opened = open(owner);
  stage_.wait_until([&] { return opened.ready() || opened.ended(); }, long_enough());
  if (!opened.ready()) {
    throw cannot_conclude(
        "a socket did not become ready: " +
        (opened.ended() ? opened.ended()->summary() : std::string("no ready event within the patience")));
  }
  warm_up(opened);
  return opened;
}

void conformance_case::warm_up(const device& which) {
  const auto declared = stage_.target().delivery.warm_up;
  if (declared.count() == 0 || !which.warm_at()) return;
  const auto left = *which.warm_at() - stage_.now();
  stage_.wait_until([&] { return which.ended().has_value(); }, client::clock::now() + left);
  remark(fmt::format("what is sent within {} ms of ready may be missed, the target file declares", declared.count()));
}

const message& conformance_case::send(actor& from, const chat& in, std::string_view rest, bool is_fence,
                                      const client::call& call) {
  message& sent = new_message();
  from.send(sent, in, rest, is_fence, call);
  if (!stage_.wait_until([&] { return sent.answered(); }, long_enough())) throw std::logic_error("a POST never ended");
  return sent;
}

const message& conformance_case::send_acked(actor& from, const chat& in, std::string_view rest) {
  const message& sent = send(from, in, rest);
  if (!sent.acked()) throw cannot_conclude("a message could not be sent: " + sent.reply->summary());
  return sent;
}

void conformance_case::send_many(actor& from, const chat& in, int count, std::size_t in_flight) {
  std::vector<const message*> open;
  std::string trouble;
  for (int i = 0; i < count || !open.empty();) {
    while (i < count && open.size() < in_flight && trouble.empty()) {
      message& next = new_message();
      open.push_back(&next);
      from.send(next, in, "", false);
      ++i;
    }
    stage_.wait_until([&] { return std::ranges::any_of(open, [](auto* each) { return each->answered(); }); },
                      long_enough());
    const auto still_open = std::ranges::partition(open, [](auto* each) { return !each->answered(); });
    for (const message* each : still_open) {
      if (!each->acked() && trouble.empty()) trouble = each->reply->summary();
    }
    open.erase(still_open.begin(), still_open.end());
    if (!trouble.empty() && open.empty()) throw cannot_conclude("a message could not be sent: " + trouble);
  }
}

bool conformance_case::await_frame(device& on, const message& awaited) {
  const auto left = awaited.acked_at.value_or(stage_.now()) + stage_.patience() - stage_.now();
  const auto deadline = client::clock::now() + left;
  const auto here = [&] { return on.got(awaited) || on.ended(); };
  if (!stage_.wait_until(here, client::clock::now() + left / 4)) {
    message& knock = new_message();
    awaited.sender->send(knock, *awaited.in, "", false);
    stage_.wait_until([&] { return here() || on.got(knock); }, deadline);
    const auto a_moment = client::clock::now() + left / 4;
    stage_.wait_until(here, std::min(deadline, a_moment));  // it may have been overtaken
  }
  stage_.trace().drained(stage_.now(), on.number());
  return on.got(awaited);
}

void conformance_case::fence(actor& from, const chat& in, device& to) {
  const message& sent = send(from, in, "", true);
  if (!sent.acked()) throw cannot_conclude("the fence could not be sent: " + sent.reply->summary());
  if (!await_frame(to, sent)) {
    throw cannot_conclude(to.ended() ? "the socket ended before the fence: " + to.ended()->summary()
                                     : std::string("the fence did not arrive, so what was not seen proves nothing"));
  }
}

void conformance_case::close_and_drain(device& which) {
  which.close();
  stage_.wait_until([&] { return which.ended().has_value(); }, long_enough());
}

void conformance_case::abort_and_drain(device& which) {
  which.abort();
  stage_.wait_until([&] { return which.ended().has_value(); }, long_enough());
}

client::walk conformance_case::read_history(actor& reader, const chat& of, unsigned limit) {
  if (const auto& rest = stage_.target().rest; rest && !rest->history) {
    throw nothing_to_check("the target file describes no rest.history");
  }
  auto& trace = stage_.trace();
  const auto sweep = trace.sweep_begun(stage_.now(), reader.number(), of.number);
  const client::history_query query{.after = "0", .limit = limit};
  auto walk = reply_of<client::walk>([&](auto done) { reader.user().walk_history(of.id, std::move(done), query); });
  for (const auto& row : walk.messages) trace.sweep_row(stage_.now(), sweep, row.id, trace.recognise(row.body));
  if (walk.complete) trace.sweep_completed(stage_.now(), sweep);
  return walk;
}

std::string conformance_case::nonce() {
  return fmt::format("nonce-{}-{:x}", stage_.trace().run(), stage_.random()());
}

client::http::exchange conformance_case::post_raw(actor& from, const chat& in, const std::string& body) {
  auto answer =
      reply_of<client::http::exchange>([&](auto done) { from.user().send_raw(in.id, body, std::move(done)); });
  if (answer.failure == client::http::failure::cancelled && !answer.first_byte_sent) {
    throw cannot_conclude("the request could not be made: " + answer.detail);
  }
  return answer;
}

std::string conformance_case::body_with(actor& from, const chat& in, std::string_view text, const std::string& member,
                                        const std::string& value) {
  const std::string body = body_of(from, in, text);
  if (!body.ends_with('}')) return fmt::format("{}&{}={}", body, member, client::percent_encoded(value));
  return fmt::format(R"({},"{}":"{}"}})", body.substr(0, body.size() - 1), member, value);
}

std::vector<std::string> conformance_case::textless_bodies(actor& from, const chat& in) {
  std::vector<std::string> out{"{}"};
  for (const char* bare : {"null", "7", "[]"}) out.push_back(from.user().send_body(in.id, bare, true));
  return out;
}

std::vector<client::chat> conformance_case::read_chats(actor& reader) {
  if (const auto& rest = stage_.target().rest) {
    if (!rest->list_chats) throw nothing_to_check("the target file describes no rest.list_chats");
    auto walk = reply_of<client::chat_walk>([&](auto done) { reader.user().walk_chats(std::move(done)); });
    if (!walk.complete) throw cannot_conclude("the list of chats cannot be read: " + walk.problem);
    return std::move(walk.chats);
  }
  constexpr int most_pages = 100;
  std::vector<client::chat> all;
  auto reply = reply_of<client::reply<client::page<client::chat>>>(
      [&](auto done) { reader.user().list_chats(std::move(done)); });
  std::string here = client::chats_path();
  for (int pages = 1;; ++pages) {
    if (!reply.ok()) throw cannot_conclude("the list of chats cannot be read: " + reply.summary());
    std::ranges::move(reply.value->items, std::back_inserter(all));
    if (!reply.value->next || pages == most_pages) return all;
    const auto next = client::follow(stage_.target(), here, *reply.value->next);
    if (!next) throw cannot_conclude("the list of chats cannot be read: " + next.error().clause);
    here = *next;
    auto exchange = reply_of<client::http::exchange>(
        [&](auto done) { reader.user().request({.method = "GET", .target = here}, std::move(done)); });
    reply = {};
    if (auto page = client::read_chats(exchange.body); page && exchange.success()) {
      reply.value = std::move(*page);
    } else {
      reply.problem = "no page of chats";
    }
    reply.exchange = std::move(exchange);
  }
}

void conformance_case::expect(bool ok, std::string_view what, std::string_view expected, std::string_view actual,
                              level force) {
  stage_.tell(check_line({.force = force,
                          .what = printable(what),
                          .expected = printable(expected),
                          .actual = printable(actual),
                          .ok = ok}));
}

void conformance_case::expect_status(const client::http::exchange& got, const expected_status& wanted,
                                     std::string_view what) {
  const bool accepted =
      wanted.accepted.empty() ? got.success() : got.answered() && std::ranges::count(wanted.accepted, got.status) > 0;
  expect(accepted, what, wanted.words, got.summary());
  if (accepted && wanted.literal != 0 && stage_.target().claims("contract.statuses")) {
    expect(got.status == wanted.literal, what, fmt::format("literally {}", wanted.literal), got.summary(),
           level::should);
  }
}

void conformance_case::trials(int count) {
  stage_.tell(trials_line(count));
}

void conformance_case::remark(std::string_view text) {
  stage_.tell(remark_line(printable(text)));
}

// Every acknowledged message is given its time to reach the sockets that were ready before it was sent: after this the
// ledger can decide about all of them.
void conformance_case::settle() {
  const auto due = [](const message& each, const device& on) {
    return each.acked() && &on.owner() == &each.in->peer_of(*each.sender) && on.warm_at() &&
           *on.warm_at() < each.sent_at && on.ready() && !on.got(each);
  };
  ledger::instant last{};
  for (const message* each : messages_) last = std::max(last, each->acked_at.value_or(last));
  const auto all_there = [&] {
    return std::ranges::none_of(messages_, [&](const message* each) {
      return std::ranges::any_of(devices_, [&](const device* on) { return due(*each, *on); });
    });
  };
  const auto left = last + stage_.patience() - stage_.now();
  stage_.wait_until(all_there, client::clock::now() + left);
  for (const device* each : devices_) {
    if (each->ready()) stage_.trace().drained(stage_.now(), each->number());
  }
}

message& conformance_case::new_message() {
  message& made = stage_.new_message();
  messages_.push_back(&made);
  return made;
}

// Every request has a deadline of its own in the client; this one lies behind it and bounds what takes several
// requests.
client::time_point conformance_case::long_enough() const {
  return client::clock::now() + 5 * stage_.patience() + std::chrono::seconds(1);
}

std::string printable(std::string_view text) {
  constexpr std::size_t longest = 300;
  const bool valid = client::websocket::is_utf8(text);
  std::string out;
  for (const char c : text.substr(0, longest)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f || (byte >= 0x80 && (!valid || text.size() > longest))) {
      out += fmt::format("\\x{:02x}", byte);
    } else {
      out += c;
    }
  }
  if (text.size() > longest) out += "…";
  return out;
}

}  // namespace conformance

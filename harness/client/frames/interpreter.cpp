#include "harness/client/frames/interpreter.hpp"

#include "harness/client/user/json.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <utility>

namespace client::frames {

namespace json = boost::json;

interpreter::interpreter(const socket_description& described, variables own)
    : described_(described), own_(std::move(own)), plain_(is_reference(described)) {
  // Heartbeats may go out before anything was tracked.
  for (const auto& [name, at] : described_.track) {
    if (own_.find(name) == nullptr) own_.set(name, {"null", true});
  }
  if (!described_.handshake.empty()) scripts_.push_back({&described_.handshake});
}

bool is_reference(const socket_description& described) noexcept {
  return !described.message && described.ready.is == socket_ready::sign::reference && described.handshake.empty() &&
         described.join.empty() && described.track.empty() && described.answers.empty() && described.mentions.empty() &&
         !described.heartbeat;
}

outcome interpreter::on_open() {
  outcome out;
  const auto sign = described_.ready.is;
  const bool by_default = sign == socket_ready::sign::reference && described_.message;
  if (described_.kind == socket_kind::websocket) {
    signed_ = sign == socket_ready::sign::open || sign == socket_ready::sign::connect || by_default;
    begin(out);
  } else {
    signed_ = sign == socket_ready::sign::open;
  }
  return out;
}

outcome interpreter::on_connect() {
  outcome out;
  const auto sign = described_.ready.is;
  if (sign == socket_ready::sign::connect || (sign == socket_ready::sign::reference && described_.message)) {
    signed_ = true;
  }
  begin(out);
  return out;
}

void interpreter::begin(outcome& out) {
  begun_ = true;
  advance(out);
  settle(out);
}

// Ready is who has seen the sign and has nothing left to say.
void interpreter::settle(outcome& out) {
  if (ready_ || !signed_ || !begun_ || !scripts_.empty()) return;
  ready_ = true;
  out.became_ready = true;
}

scope interpreter::scope_of(const script* running) const noexcept {
  scope out;
  out.self = &own_;
  if (running != nullptr && running->of_chat) {
    out.chat = &running->of_chat->chat;
    if (running->of_chat->peer) out.peer = &*running->of_chat->peer;
  }
  return out;
}

// Writes what is to be written up to the next thing that must come first.
void interpreter::advance(outcome& out) {
  while (!scripts_.empty()) {
    script& running = scripts_.front();
    if (running.waits_for) return;
    if (running.next == running.steps->size()) {
      out.joined = out.joined || running.of_chat.has_value();
      scripts_.pop_front();
      continue;
    }
    const socket_step& step = (*running.steps)[running.next];
    if (step.does == socket_step::action::expect) return;
    if (!write(step.send, scope_of(&running), out, step.answered.has_value())) {
      out.refused = true;
      return;
    }
    if (step.answered) {
      running.waits_for = out.writes.back().ack;
      return;
    }
    ++running.next;
  }
}

bool interpreter::write(const outgoing& what, const scope& from, outcome& out, bool asks) {
  written made{.is_event = what.is_event};
  const auto fail = [&](const reason& why) {
    out.problem = "a frame to be written " + why.clause;
    return false;
  };
  if (!what.is_event) {
    auto text = what.frame.fill(from);
    if (!text) return fail(text.error());
    made.text = std::move(*text);
  } else {
    const auto name = what.event.fill(from);
    if (!name) return fail(name.error());
    made.text = "[" + json::serialize(json::value(*name));
    for (const text_template& each : what.arguments) {
      const auto argument = each.fill(from);
      if (!argument) return fail(argument.error());
      made.text.append(",").append(*argument);
    }
    made.text += "]";
    if (asks) made.ack = next_ack_++;
  }
  out.writes.push_back(std::move(made));
  return true;
}

bool interpreter::holds(const conditions& all, const frame& in, const scope& from) const {
  return std::all_of(all.begin(), all.end(), [&](const condition& each) {
    if (each.asks == condition::test::event) return in.event == each.event;
    const json::value* found = each.at.find(in.root);
    if (each.asks == condition::test::present) return (found != nullptr && !found->is_null()) == each.wanted;
    if (found == nullptr) return false;
    const auto is = as_text(*found);
    if (each.value.constant() && is) {
      const auto wanted = each.value.fill({});
      return wanted && *wanted == *is;
    }
    const auto wanted = each.value.fill(from);
    return wanted && is && *wanted == *is;
  });
}

void interpreter::take(const captures& wanted, const json::value& from) {
  for (const capture& each : wanted) {
    if (each.from == capture::source::regex) {
      if (auto found = each.expression->find(json::serialize(from))) own_.set(each.name, {std::move(*found), false});
    } else if (const json::value* found = each.at.find(from)) {
      own_.set(each.name, to_variable(*found));
    }
  }
}

outcome interpreter::on_text(std::string_view text) {
  outcome out;
  if (plain_) {
    read_reference(text, out);
    settle(out);
    return out;
  }
  auto got = read_raw(text);
  if (!got) return out;
  on_frame(*got, out);
  if (!described_.message) read_reference(text, out);
  settle(out);
  return out;
}

outcome interpreter::on_event(std::string_view list) {
  outcome out;
  if (!plain_) {
    auto got = read_event_list(list);
    if (!got) {
      out.problem = got.error().clause;
      return out;
    }
    on_frame(*got, out);
  }
  if (!described_.message) read_reference(as_raw(list), out);
  settle(out);
  return out;
}

void interpreter::read_reference(std::string_view raw, outcome& out) {
  event got = client::read_event(raw);
  if (got.kind == event_kind::ready && described_.ready.is == socket_ready::sign::reference) signed_ = true;
  if (got.kind == event_kind::message) out.messages.push_back(std::move(*got.message));
  if (!got.problem.empty()) out.problem = std::move(got.problem);
}

void interpreter::on_frame(frame& got, outcome& out) {
  for (const auto& [name, at] : described_.track) {
    if (const json::value* found = at.find(got.root)) own_.set(name, to_variable(*found));
  }
  if (described_.ready.is == socket_ready::sign::frame && !signed_ &&
      holds(described_.ready.when, got, scope_of(nullptr))) {
    signed_ = true;
  }
  for (const socket_answer& each : described_.answers) {
    if (holds(each.when, got, scope_of(nullptr))) write(each.send, scope_of(nullptr), out);
  }
  if (begun_ && !scripts_.empty() && !scripts_.front().waits_for) {
    script& running = scripts_.front();
    const socket_step& step = (*running.steps)[running.next];
    if (step.does == socket_step::action::expect && holds(step.expect, got, scope_of(&running))) {
      take(step.takes, got.root);
      ++running.next;
      advance(out);
    }
  }
  if (described_.message) read_messages(got, out);
  if (!out.messages.empty()) return;
  out.mention = std::any_of(described_.mentions.begin(), described_.mentions.end(),
                            [&](const conditions& each) { return holds(each, got, scope_of(nullptr)); });
}

void interpreter::read_messages(frame& got, outcome& out) const {
  const socket_message& described = *described_.message;
  for (const json_pointer& each : described.unwrap) {
    const json::value* found = each.find(got.root);
    if (found == nullptr || !found->is_string()) continue;
    const std::string inside(found->get_string().data(), found->get_string().size());
    auto unwrapped = read_raw(inside);
    if (unwrapped) each.replace(got.root, std::move(unwrapped->root));
  }
  if (!holds(described.when, got, scope_of(nullptr))) return;
  const auto text_at = [](const std::optional<json_pointer>& at, const json::value& item) {
    const json::value* found = at ? at->find(item) : nullptr;
    return found == nullptr ? std::string() : as_text(*found).value_or("");
  };
  const auto read_one = [&](const json::value& item) {
    const json::value* id = described.id.find(item);
    const auto id_text = id == nullptr ? std::nullopt : as_text(*id);
    if (!id_text) {
      out.problem = "a message without an id at '" + described.id.text() + "'";
      return;
    }
    message one;
    one.id = *id_text;
    one.chat_id = text_at(described.chat, item);
    one.sender = text_at(described.sender, item);
    one.body = text_at(described.text, item);
    one.created_at = text_at(described.time, item);
    out.messages.push_back(std::move(one));
  };
  if (!described.items) return read_one(got.root);
  const json::value* items = described.items->find(got.root);
  if (items == nullptr || !items->is_array()) {
    out.problem = "no list of messages at '" + described.items->text() + "'";
    return;
  }
  for (const json::value& each : items->get_array()) read_one(each);
}

outcome interpreter::on_acknowledged(std::uint64_t ack, std::string_view list) {
  outcome out;
  if (scripts_.empty() || scripts_.front().waits_for != ack) return out;
  script& running = scripts_.front();
  const acknowledgement& wanted = *(*running.steps)[running.next].answered;
  const auto refuse = [&](std::string why) {
    out.refused = true;
    out.problem = std::move(why);
    return out;
  };
  const auto arguments = read_arguments(list);
  if (!arguments) return refuse("an acknowledgement: " + arguments.error().clause);
  const json::array& items = arguments->get_array();
  std::size_t at = 0;
  if (wanted.error_first) {
    if (!items.empty() && !items[0].is_null()) return refuse("acknowledged with " + json::serialize(items[0]));
    at = 1;
  }
  const json::value nothing;
  const json::value& answer = at < items.size() ? items[at] : nothing;
  if (wanted.at) {
    const json::value* found = wanted.at->find(answer);
    const auto is = found == nullptr ? std::nullopt : as_text(*found);
    if (!is) return refuse("an acknowledgement without '" + wanted.at->text() + "'");
    if (wanted.equals) {
      const auto due = wanted.equals->fill(scope_of(&running));
      if (!due || *due != *is) return refuse("acknowledged with '" + *is + "' at '" + wanted.at->text() + "'");
    }
  }
  take(wanted.takes, answer);
  running.waits_for.reset();
  ++running.next;
  advance(out);
  settle(out);
  return out;
}

outcome interpreter::on_beat() {
  outcome out;
  if (described_.heartbeat) write(described_.heartbeat->send, scope_of(nullptr), out);
  return out;
}

outcome interpreter::join(joining chat) {
  outcome out;
  if (described_.join.empty()) return out;
  scripts_.push_back({.steps = &described_.join, .of_chat = std::move(chat)});
  if (begun_ && scripts_.size() == 1) advance(out);
  return out;
}

}  // namespace client::frames

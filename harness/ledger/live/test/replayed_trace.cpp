#include "harness/ledger/live/test/replayed_trace.hpp"

#include <algorithm>
#include <optional>
#include <string>

namespace ledger {
namespace {

template <typename Id>
std::size_t at(Id id) {
  return static_cast<std::size_t>(id);
}

// The index of the last event of each socket and of each walk.
struct last_events {
  std::vector<std::size_t> of_socket;
  std::vector<bool> ended;
  std::vector<std::size_t> of_sweep;
  std::vector<bool> completed;

  explicit last_events(const trace& of)
      : of_socket(of.socket_count()),
        ended(of.socket_count()),
        of_sweep(of.sweep_count()),
        completed(of.sweep_count()) {
    for (std::size_t i = 0; i < of.events().size(); ++i) {
      const auto& one = of.events()[i];
      if (const auto* const seen = std::get_if<frame>(&one)) {
        of_socket[at(seen->socket)] = i;
      } else if (const auto* const end = std::get_if<socket_ended>(&one)) {
        of_socket[at(end->socket)] = i;
        ended[at(end->socket)] = true;
      } else if (const auto* const begun = std::get_if<sweep_begun>(&one)) {
        of_sweep[at(begun->sweep)] = i;
      } else if (const auto* const row = std::get_if<sweep_row>(&one)) {
        of_sweep[at(row->sweep)] = i;
      } else if (const auto* const done = std::get_if<sweep_completed>(&one)) {
        of_sweep[at(done->sweep)] = i;
        completed[at(done->sweep)] = true;
      }
    }
  }
};

class player {
 public:
  player(const trace& of, live_ledger& into) : of_(of), into_(into), last_(of) {}

  void play() {
    for (here_ = 0; here_ < of_.events().size(); ++here_) {
      std::visit([this](const auto& one) { tell(one); }, of_.events()[here_]);
    }
    into_.conclude(of_.events().empty() ? instant{} : time_of(of_.events().back()));
  }

 private:
  std::string body(content kind, const std::optional<message_id>& message) const {
    if (!message) {
      return "hello";
    }
    return into_.body(of_.key(*message), instant{0}, "text") + (kind == content::damaged ? "x" : "");
  }
  void let_go(instant when, socket_id socket) {
    if (last_.ended[at(socket)] && last_.of_socket[at(socket)] == here_) {
      into_.socket_gone(when, sockets_[at(socket)]);
    }
  }
  void give_up(instant when, sweep_id sweep) {
    if (!last_.completed[at(sweep)] && last_.of_sweep[at(sweep)] == here_) {
      into_.walk_failed(when, walks_[at(sweep)]);
    }
  }

  void tell(const sent& one) { into_.sent(one.at, of_.key(one.message), one.attempt); }
  void tell(const answered& one) {
    into_.answered(one.at, of_.key(one.message), one.result, one.server_id, one.attempt);
  }
  void tell(const socket_started& one) { sockets_.push_back(into_.socket_started(one.at, one.user)); }
  void tell(const socket_ready& one) { into_.socket_ready(one.at, sockets_[at(one.socket)]); }
  void tell(const socket_ended& one) {
    into_.socket_ended(one.at, sockets_[at(one.socket)], one.how, one.close_code);
    let_go(one.at, one.socket);
  }
  void tell(const frame& one) {
    into_.frame(one.at, sockets_[at(one.socket)], one.server_id, body(one.kind, one.message));
    let_go(one.at, one.socket);
  }
  void tell(const drained& one) {
    // Told for every open socket in turn: once is enough.
    const auto* const before = here_ == 0 ? nullptr : std::get_if<drained>(&of_.events()[here_ - 1]);
    if (before == nullptr || before->at != one.at || before->last != one.last) {
      one.last ? into_.finish_drain(one.at) : into_.drained(one.at);
    }
  }
  void tell(const sweep_begun& one) {
    walks_.push_back(into_.walk_begun(one.at, one.reader, one.chat, one.whole));
    give_up(one.at, one.sweep);
  }
  void tell(const sweep_row& one) {
    into_.walk_row(one.at, walks_[at(one.sweep)], one.server_id, body(one.kind, one.message));
    give_up(one.at, one.sweep);
  }
  void tell(const sweep_completed& one) { into_.walk_completed(one.at, walks_[at(one.sweep)]); }

  const trace& of_;
  live_ledger& into_;
  last_events last_;
  std::size_t here_ = 0;
  std::vector<live_socket> sockets_;
  std::vector<live_walk> walks_;
};

}  // namespace

trace drained_together(const trace& of) {
  trace out(of.run());
  for (const auto& name : of.users()) {
    out.user(name);
  }
  for (const auto& name : of.chats()) {
    out.chat(name);
  }
  for (const auto& key : of.messages()) {
    out.message(key);
  }
  std::vector<bool> open;
  const drained* before = nullptr;
  for (const auto& one : of.events()) {
    const auto* const drain = std::get_if<drained>(&one);
    if (drain != nullptr) {
      const bool again = before != nullptr && before->at == drain->at && before->last == drain->last;
      for (std::size_t s = 0; s < open.size() && !again; ++s) {
        if (open[s]) {
          out.drained(drain->at, socket_id{static_cast<std::uint32_t>(s)}, drain->last);
        }
      }
    } else {
      out.append(one);
    }
    before = drain;
    if (const auto* const started = std::get_if<socket_started>(&one)) {
      open.resize(at(started->socket) + 1);
      open[at(started->socket)] = true;
    } else if (const auto* const ended = std::get_if<socket_ended>(&one)) {
      open[at(ended->socket)] = false;
    }
  }
  return out;
}

void replay(const trace& of, const chat_members& members, live_ledger& into) {
  for (std::size_t chat = 0; chat < members.size(); ++chat) {
    into.chat(chat_id{static_cast<std::uint32_t>(chat)}, members[chat].first, members[chat].second);
  }
  player(of, into).play();
}

}  // namespace ledger

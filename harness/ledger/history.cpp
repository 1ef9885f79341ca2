#include "harness/ledger/history.hpp"

#include <algorithm>
#include <set>

namespace ledger {
namespace {

// The times during which POSTs to a chat may have been at work in the target.
class writing {
 public:
  writing(const trace& of, instant patience) {
    std::map<std::pair<message_id, std::uint32_t>, moment> open;
    std::size_t place = 0;
    for (const auto& happened : of.events()) {
      const moment now{time_of(happened), place++};
      if (const auto* const sent = std::get_if<ledger::sent>(&happened)) {
        open.try_emplace({sent->message, sent->attempt}, now);
      } else if (const auto* const answer = std::get_if<answered>(&happened)) {
        const auto found = open.find({answer->message, answer->attempt});
        if (found != open.end()) {
          // What ended unknown may still be carried out for a while.
          const auto rest = answer->result == outcome::unknown ? patience : instant{0};
          spans_[of.key(answer->message).chat].emplace_back(found->second, moment{now.at + rest, now.place});
          open.erase(found);
        }
      }
    }
    for (const auto& [post, since] : open) {
      spans_[of.key(post.first).chat].emplace_back(since, moment{instant::max(), 0});
    }
  }

  bool during(chat_id chat, const moment& from, const moment& to) const {
    const auto found = spans_.find(chat);
    return found != spans_.end() && std::any_of(found->second.begin(), found->second.end(), [&](const auto& span) {
             return span.first < to && from < span.second;
           });
  }

 private:
  std::map<chat_id, std::vector<std::pair<moment, moment>>> spans_;
};

std::optional<moment> first_delivery(message_id message, const message_life& life, const arrivals& seen,
                                     const trace& of) {
  std::optional<moment> first;
  for (const auto& one : seen.of(message)) {
    if (one.certain && of.user_of(one.socket) == life.recipient && (!first || one.at < *first)) {
      first = one.at;
    }
  }
  return first;
}

class walk_judge {
 public:
  walk_judge(const message_table& messages, verdict& out) : messages_(messages), out_(out) {}

  // What the rows themselves show. Returns the messages that are there.
  std::set<message_id> rows(const walk& through, bool steady) {
    std::map<message_id, const walk_row*> first;
    std::set<message_id> there;
    for (const auto& row : through.rows) {
      if (!row.who.message) {
        continue;
      }
      const auto message = *row.who.message;
      const auto& life = messages_.of(message);
      there.insert(message);
      const bool was_sent = life.sent && *life.sent < row.at;
      if (row.who.damaged) {
        report(finding_class::corrupted, message, through, {row.at});
      } else if (!was_sent) {
        report(finding_class::phantom, message, through, {row.at});
      }
      if (!was_sent || !row.who.certain) {
        continue;
      }
      if (life.fate() == fate::refused) {
        report(finding_class::refused_but_stored, message, through, {*life.refused, row.at});
      } else if (life.key.chat != through.chat ||
                 (through.reader != life.key.sender && through.reader != life.recipient)) {
        report(finding_class::misrouted, message, through, {row.at});
      }
      const auto [before, fresh] = first.try_emplace(message, &row);
      // A walk that writes may shift shows a row twice without harm, but never under two ids.
      const auto& other = before->second->server_id;
      if (!fresh && (steady || (!other.empty() && !row.server_id.empty() && other != row.server_id))) {
        report(finding_class::repeated_in_history, message, through, {before->second->at, row.at});
      }
    }
    return there;
  }

  // What a whole walk should have shown of one message.
  void absent(message_id message, const walk& through, const std::optional<moment>& delivered) {
    const auto& life = messages_.of(message);
    if (life.acked && *life.acked < through.begun) {
      report(finding_class::missing_from_history, message, through, {*life.acked, through.begun, *through.completed});
    } else if (delivered && *delivered < through.begun && life.fate() != fate::refused) {
      report(finding_class::delivered_not_stored, message, through, {*delivered, through.begun, *through.completed});
    }
  }

 private:
  // One finding per message and kind, from the first walk that shows it.
  void report(finding_class kind, message_id message, const walk& through, std::vector<moment> proof) {
    if (!reported_.emplace(kind, message).second) {
      return;
    }
    std::sort(proof.begin(), proof.end());
    finding one;
    one.kind = kind;
    one.message = message;
    one.user = through.reader;
    one.at = proof.back().at;
    for (const auto& point : proof) {
      one.proof.push_back(point.place);
    }
    std::sort(one.proof.begin(), one.proof.end());
    out_.findings.push_back(std::move(one));
  }

  const message_table& messages_;
  verdict& out_;
  std::set<std::pair<finding_class, message_id>> reported_;
};

}  // namespace

history::history(const trace& of, const identities& known) : walks_(of.sweep_count()) {
  const auto walk_of = [this](sweep_id sweep) -> walk& { return walks_[static_cast<std::size_t>(sweep)]; };
  std::size_t place = 0;
  for (const auto& happened : of.events()) {
    const moment now{time_of(happened), place++};
    if (const auto* const begun = std::get_if<sweep_begun>(&happened)) {
      auto& one = walk_of(begun->sweep);
      one.reader = begun->reader;
      one.chat = begun->chat;
      one.whole = begun->whole;
      one.begun = now;
    } else if (const auto* const row = std::get_if<sweep_row>(&happened)) {
      auto& one = walk_of(row->sweep);
      one.rows.push_back({known.of(row->kind, row->message, row->server_id, one.chat), row->server_id, now});
    } else if (const auto* const completed = std::get_if<sweep_completed>(&happened)) {
      walk_of(completed->sweep).completed = now;
    }
  }
  std::stable_sort(walks_.begin(), walks_.end(), [](const walk& a, const walk& b) { return a.begun < b.begun; });
  for (const auto& one : walks_) {
    const bool holds_ours =
        std::any_of(one.rows.begin(), one.rows.end(), [](const walk_row& row) { return row.who.certain; });
    if (one.whole && one.completed && holds_ours) {
      last_[one.chat] = &one;
    }
  }
}

void history::judge(const trace& of, const message_table& messages, const arrivals& seen, const rules& declared,
                    verdict& out) const {
  std::map<chat_id, std::vector<message_id>> by_chat;
  std::vector<std::optional<moment>> delivered(messages.size());
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const message_id message{static_cast<std::uint32_t>(i)};
    if (const auto& life = messages.of(message); life.sent) {
      by_chat[life.key.chat].push_back(message);
      delivered[i] = first_delivery(message, life, seen, of);
    }
  }
  std::optional<writing> writes;
  if (!declared.walks_are_stable) {
    writes.emplace(of, declared.deadline);
  }
  std::vector<bool> held(messages.size());
  walk_judge judge(messages, out);
  for (const auto& one : walks_) {
    const auto end = one.completed ? *one.completed : moment{instant::max(), 0};
    const bool steady = !writes || !writes->during(one.chat, one.begun, end);
    const auto there = judge.rows(one, steady);
    if (!one.completed) {
      continue;
    }
    ++out.counts.walks;
    if (!one.whole || !steady) {
      continue;
    }
    for (const auto message : by_chat[one.chat]) {
      const auto index = static_cast<std::size_t>(message);
      const auto& life = messages.of(message);
      // A stranger who reads an empty list shows nothing about the chat.
      if (one.reader != life.key.sender && one.reader != life.recipient) {
        continue;
      }
      held[index] = held[index] || (life.acked && *life.acked < one.begun);
      if (!there.contains(message)) {
        judge.absent(message, one, delivered[index]);
      }
    }
  }
  for (std::size_t i = 0; i < messages.size(); ++i) {
    if (messages.of(message_id{static_cast<std::uint32_t>(i)}).acked) {
      ++(held[i] ? out.counts.in_history_checked : out.counts.in_history_unjudged);
    }
  }
}

}  // namespace ledger

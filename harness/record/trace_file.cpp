#include "harness/record/trace_file.hpp"

#include "harness/record/trace_words.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <ostream>

namespace record {
namespace {

namespace json = boost::json;

template <typename Id>
std::uint32_t number(Id id) {
  return static_cast<std::uint32_t>(id);
}

json::object head(const ledger::trace& of, std::uint64_t seed, const ledger::rules& declared) {
  json::array codes;
  for (const int code : declared.announcing_close_codes) {
    codes.push_back(code);
  }
  return {{"schema", trace_schema},
          {"run", of.run()},
          {"seed", seed},
          {"rules",
           {{"settle", declared.settle.count()},
            {"deadline", declared.deadline.count()},
            {"announcing_close_codes", std::move(codes)},
            {"later_message_proves_loss", declared.later_message_proves_loss},
            {"offline", word(offline_words, declared.offline)},
            {"echo_allowed", declared.echo_allowed},
            {"everyone_receives", declared.everyone_receives},
            {"warm_up", declared.warm_up.count()},
            {"ids_ordered", declared.ids_ordered},
            {"ids_unique", declared.ids_unique},
            {"walks_are_stable", declared.walks_are_stable}}}};
}

// One object per kind of event: what it is, when, and its own members; members at their usual value are left out.
class event_writer {
 public:
  json::object operator()(const ledger::sent& one) {
    auto out = begin("sent", one.at);
    out["message"] = number(one.message);
    out["to"] = number(one.recipient);
    attempt(out, one.attempt);
    if (one.is_fence) {
      out["fence"] = true;
    }
    return out;
  }
  json::object operator()(const ledger::answered& one) {
    auto out = begin("answered", one.at);
    out["message"] = number(one.message);
    attempt(out, one.attempt);
    out["outcome"] = word(outcome_words, one.result);
    out["status"] = one.status;
    id(out, one.server_id);
    return out;
  }
  json::object operator()(const ledger::socket_started& one) {
    auto out = begin("started", one.at);
    out["socket"] = number(one.socket);
    out["user"] = number(one.user);
    return out;
  }
  json::object operator()(const ledger::socket_ready& one) {
    auto out = begin("ready", one.at);
    out["socket"] = number(one.socket);
    return out;
  }
  json::object operator()(const ledger::socket_ended& one) {
    auto out = begin("ended", one.at);
    out["socket"] = number(one.socket);
    out["how"] = word(ending_words, one.how);
    if (one.close_code != 0) {
      out["code"] = one.close_code;
    }
    return out;
  }
  json::object operator()(const ledger::frame& one) {
    auto out = begin("frame", one.at);
    out["socket"] = number(one.socket);
    id(out, one.server_id);
    if (one.chat) {
      out["chat"] = number(*one.chat);
    }
    text(out, one.kind, one.message);
    return out;
  }
  json::object operator()(const ledger::drained& one) {
    auto out = begin("drained", one.at);
    out["socket"] = number(one.socket);
    if (one.last) {
      out["last"] = true;
    }
    return out;
  }
  json::object operator()(const ledger::sweep_begun& one) {
    auto out = begin("walk", one.at);
    out["walk"] = number(one.sweep);
    out["user"] = number(one.reader);
    out["chat"] = number(one.chat);
    if (!one.whole) {
      out["whole"] = false;
    }
    return out;
  }
  json::object operator()(const ledger::sweep_row& one) {
    auto out = begin("row", one.at);
    out["walk"] = number(one.sweep);
    id(out, one.server_id);
    text(out, one.kind, one.message);
    return out;
  }
  json::object operator()(const ledger::sweep_completed& one) {
    auto out = begin("walked", one.at);
    out["walk"] = number(one.sweep);
    return out;
  }

 private:
  static json::object begin(std::string_view what, ledger::instant at) { return {{"event", what}, {"at", at.count()}}; }
  static void attempt(json::object& out, std::uint32_t attempt) {
    if (attempt != 1) {
      out["attempt"] = attempt;
    }
  }
  static void id(json::object& out, const std::string& server_id) {
    if (!server_id.empty()) {
      out["id"] = server_id;
    }
  }
  static void text(json::object& out, ledger::content kind, const std::optional<ledger::message_id>& message) {
    out["text"] = word(content_words, kind);
    if (message) {
      out["message"] = number(*message);
    }
  }
};

}  // namespace

trace_writer::trace_writer(std::ostream& out, const ledger::trace& of, std::uint64_t seed,
                           const ledger::rules& declared)
    : out_(out) {
  out_ << json::serialize(head(of, seed, declared)) << '\n';
}

void trace_writer::write(const ledger::trace& of) {
  // Names come before the events that use them, because the trace made them first.
  for (; users_ < of.users().size(); ++users_) {
    out_ << json::serialize(json::object{{"user", of.users()[users_]}}) << '\n';
  }
  for (; chats_ < of.chats().size(); ++chats_) {
    out_ << json::serialize(json::object{{"chat", of.chats()[chats_]}}) << '\n';
  }
  for (; messages_ < of.messages().size(); ++messages_) {
    const auto& key = of.messages()[messages_];
    out_ << json::serialize(json::object{{"message", json::array{number(key.chat), number(key.sender), key.sequence}}})
         << '\n';
  }
  event_writer writer;
  for (; events_ < of.events().size(); ++events_) {
    out_ << json::serialize(std::visit(writer, of.events()[events_])) << '\n';
  }
}

void trace_writer::finish(const ledger::trace& of) {
  write(of);
  out_ << json::serialize(json::object{{"events", events_}}) << '\n';
  out_.flush();
}

}  // namespace record

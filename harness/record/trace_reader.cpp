// Reading a trace file back. What is wrong with a line is thrown inside and comes out as one line of text.
#include "harness/record/trace_file.hpp"
#include "harness/record/trace_words.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <istream>
#include <stdexcept>

namespace record {
namespace {

namespace json = boost::json;

const json::value& member(const json::object& of, std::string_view key) {
  const auto* const found = of.if_contains(key);
  if (found == nullptr) {
    throw std::runtime_error("lacks \"" + std::string(key) + "\"");
  }
  return *found;
}

template <typename Number>
Number number_in(const json::object& of, std::string_view key) {
  return member(of, key).to_number<Number>();
}

template <typename Number>
Number number_or(const json::object& of, std::string_view key, Number usual) {
  return of.contains(key) ? number_in<Number>(of, key) : usual;
}

template <typename Id>
Id id(const json::object& of, std::string_view key) {
  return Id{number_in<std::uint32_t>(of, key)};
}

bool flag_or(const json::object& of, std::string_view key, bool usual) {
  return of.contains(key) ? member(of, key).as_bool() : usual;
}

std::string text_or_none(const json::object& of, std::string_view key) {
  return of.contains(key) ? std::string(member(of, key).as_string()) : std::string();
}

template <typename Enum, std::size_t N>
Enum worded(const std::array<std::string_view, N>& words, const json::object& of, std::string_view key) {
  const auto found = meaning<Enum>(words, member(of, key).as_string());
  if (!found) {
    throw std::runtime_error("\"" + std::string(key) + "\" is no word that is known here");
  }
  return *found;
}

template <typename Id>
std::optional<Id> optional_id(const json::object& of, std::string_view key) {
  return of.contains(key) ? std::optional<Id>(id<Id>(of, key)) : std::nullopt;
}

ledger::event read_event(const json::object& in) {
  using namespace ledger;
  const instant at{number_in<instant::rep>(in, "at")};
  const auto kind = std::string(member(in, "event").as_string());
  const auto attempt = number_or<std::uint32_t>(in, "attempt", 1);
  if (kind == "sent") {
    return sent{at, id<message_id>(in, "message"), id<user_id>(in, "to"), attempt, flag_or(in, "fence", false)};
  }
  if (kind == "answered") {
    return answered{at,
                    id<message_id>(in, "message"),
                    attempt,
                    worded<outcome>(outcome_words, in, "outcome"),
                    number_in<int>(in, "status"),
                    text_or_none(in, "id")};
  }
  if (kind == "started") {
    return socket_started{at, id<socket_id>(in, "socket"), id<user_id>(in, "user")};
  }
  if (kind == "ready") {
    return socket_ready{at, id<socket_id>(in, "socket")};
  }
  if (kind == "ended") {
    return socket_ended{at, id<socket_id>(in, "socket"), worded<ending>(ending_words, in, "how"),
                        number_or<int>(in, "code", 0)};
  }
  if (kind == "frame") {
    return frame{at,
                 id<socket_id>(in, "socket"),
                 text_or_none(in, "id"),
                 optional_id<chat_id>(in, "chat"),
                 worded<content>(content_words, in, "text"),
                 optional_id<message_id>(in, "message")};
  }
  if (kind == "drained") {
    return drained{at, id<socket_id>(in, "socket"), flag_or(in, "last", false)};
  }
  if (kind == "walk") {
    return sweep_begun{at, id<sweep_id>(in, "walk"), id<user_id>(in, "user"), id<chat_id>(in, "chat"),
                       flag_or(in, "whole", true)};
  }
  if (kind == "row") {
    return sweep_row{at, id<sweep_id>(in, "walk"), text_or_none(in, "id"), worded<content>(content_words, in, "text"),
                     optional_id<message_id>(in, "message")};
  }
  if (kind == "walked") {
    return sweep_completed{at, id<sweep_id>(in, "walk")};
  }
  throw std::runtime_error("\"" + kind + "\" is no event that is known here");
}

ledger::rules read_rules(const json::object& in) {
  ledger::rules out;
  out.settle = ledger::instant(number_in<ledger::instant::rep>(in, "settle"));
  out.deadline = ledger::instant(number_in<ledger::instant::rep>(in, "deadline"));
  out.announcing_close_codes.clear();
  for (const auto& code : member(in, "announcing_close_codes").as_array()) {
    out.announcing_close_codes.push_back(code.to_number<int>());
  }
  out.later_message_proves_loss = member(in, "later_message_proves_loss").as_bool();
  out.offline = worded<ledger::offline_policy>(offline_words, in, "offline");
  out.echo_allowed = member(in, "echo_allowed").as_bool();
  out.everyone_receives = flag_or(in, "everyone_receives", false);
  out.warm_up = ledger::instant(number_or<ledger::instant::rep>(in, "warm_up", 0));
  out.ids_ordered = member(in, "ids_ordered").as_bool();
  out.ids_unique = member(in, "ids_unique").as_bool();
  out.walks_are_stable = member(in, "walks_are_stable").as_bool();
  return out;
}

stored_trace read_head(const json::object& in) {
  const auto schema = text_or_none(in, "schema");
  if (schema != trace_schema) {
    throw std::runtime_error("expected a head with schema \"" + std::string(trace_schema) + "\", found \"" + schema +
                             "\"");
  }
  return {ledger::trace(text_or_none(in, "run")), number_in<std::uint64_t>(in, "seed"),
          read_rules(member(in, "rules").as_object()), false};
}

void read_line(const json::object& in, stored_trace& into) {
  if (in.contains("event")) {
    into.trace.append(read_event(in));
  } else if (const auto* const events = in.if_contains("events")) {
    if (events->to_number<std::size_t>() != into.trace.events().size()) {
      throw std::runtime_error("the closing line counts other events than stand here");
    }
    into.whole = true;
  } else if (const auto* const user = in.if_contains("user")) {
    into.trace.user(std::string_view(user->as_string()));
  } else if (const auto* const chat = in.if_contains("chat")) {
    into.trace.chat(std::string_view(chat->as_string()));
  } else {
    const auto& key = member(in, "message").as_array();
    into.trace.message({ledger::chat_id{key.at(0).to_number<std::uint32_t>()},
                        ledger::user_id{key.at(1).to_number<std::uint32_t>()}, key.at(2).to_number<std::uint32_t>()});
  }
}

}  // namespace

read_trace_result read_trace(std::istream& in) {
  std::optional<stored_trace> out;
  std::size_t count = 0;
  for (std::string line; std::getline(in, line);) {
    ++count;
    boost::system::error_code broken;
    const auto parsed = json::parse(json::string_view(line.data(), line.size()), broken);
    if (broken && in.eof() && out) {
      break;  // the run was interrupted while it wrote this line
    }
    try {
      if (broken || !parsed.is_object()) {
        throw std::runtime_error("not a JSON object");
      }
      if (!out) {
        out = read_head(parsed.get_object());
      } else {
        read_line(parsed.get_object(), *out);
      }
    } catch (const std::exception& wrong) {
      return {std::nullopt, "line " + std::to_string(count) + ": " + wrong.what()};
    }
  }
  if (!out) {
    return {std::nullopt, "line 1: expected a head with schema \"" + std::string(trace_schema) + "\", found nothing"};
  }
  return {std::move(out), {}};
}

}  // namespace record

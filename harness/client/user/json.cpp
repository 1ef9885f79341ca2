#include "harness/client/user/json.hpp"

#include "harness/client/user/long_numbers.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <utility>

namespace client {

namespace {

namespace json = boost::json;

std::string quoted(std::string_view name) {
  return "'" + std::string(name) + "'";
}

checked<json::value> parse(std::string_view text) {
  const std::string safe = quote_long_numbers(text);
  boost::system::error_code error;
  json::value value = json::parse(json::string_view(safe.data(), safe.size()), error);
  if (error) return reason{"it is not JSON (" + error.message() + ")"};
  return value;
}

const json::value* member(const json::object& from, std::string_view name) {
  return from.if_contains(json::string_view(name.data(), name.size()));
}

// Reads members of one object; the first thing that is wrong is kept.
class members {
 public:
  explicit members(const json::value& from, std::string_view what) : object_(from.if_object()) {
    if (object_ == nullptr) problem_ = std::string(what) + " is not an object";
  }

  std::string id(std::string_view name, bool required) {
    const json::value* value = find(name);
    if (value == nullptr) {
      if (required && problem_.empty()) problem_ = "no member " + quoted(name);
      return {};
    }
    if (const json::string* text = value->if_string()) return {text->data(), text->size()};
    if (const std::int64_t* number = value->if_int64()) return std::to_string(*number);
    if (const std::uint64_t* number = value->if_uint64()) return std::to_string(*number);
    if (problem_.empty())
      problem_ = quoted(name) + (value->is_double() ? " is a fraction" : " is neither text nor a number");
    return {};
  }

  std::string text(std::string_view name) {
    const json::value* value = find(name);
    if (value == nullptr) return {};
    if (const json::string* found = value->if_string()) return {found->data(), found->size()};
    if (problem_.empty()) problem_ = quoted(name) + " is not text";
    return {};
  }

  std::vector<std::string> texts(std::string_view name) {
    std::vector<std::string> out;
    const json::value* value = find(name);
    if (value == nullptr) return out;
    const json::array* items = value->if_array();
    if (items == nullptr) {
      if (problem_.empty()) problem_ = quoted(name) + " is not a list";
      return out;
    }
    for (const json::value& item : *items) {
      if (const json::string* found = item.if_string()) {
        out.emplace_back(found->data(), found->size());
      } else if (problem_.empty()) {
        problem_ = quoted(name) + " holds something that is not text";
      }
    }
    return out;
  }

  const std::string& problem() const { return problem_; }

 private:
  const json::value* find(std::string_view name) const {
    return object_ == nullptr || !problem_.empty() ? nullptr : member(*object_, name);
  }

  const json::object* object_;
  std::string problem_;
};

checked<chat> to_chat(const json::value& value) {
  members in(value, "a chat");
  chat out;
  out.id = in.id("id", true);
  out.participants = in.texts("participants");
  out.created_at = in.text("created_at");
  if (!in.problem().empty()) return reason{in.problem()};
  return out;
}

checked<message> to_message(const json::value& value) {
  members in(value, "a message");
  message out;
  out.id = in.id("id", true);
  out.chat_id = in.id("chat_id", false);
  out.sender = in.id("sender", false);
  out.recipient = in.id("recipient", false);
  out.body = in.text("body");
  out.created_at = in.text("created_at");
  if (!in.problem().empty()) return reason{in.problem()};
  return out;
}

template <class T, class Convert>
checked<T> read_one(std::string_view text, Convert convert) {
  const auto value = parse(text);
  if (!value) return value.error();
  return convert(*value);
}

template <class T, class Convert>
checked<page<T>> read_page(std::string_view text, Convert convert) {
  const auto value = parse(text);
  if (!value) return value.error();
  const json::object* object = value->if_object();
  if (object == nullptr) return reason{"a page is not an object"};
  const json::value* results = member(*object, "results");
  if (results == nullptr || !results->is_array()) return reason{"no list 'results'"};
  page<T> out;
  for (const json::value& item : results->get_array()) {
    auto one = convert(item);
    if (!one) return one.error();
    out.items.push_back(std::move(*one));
  }
  const json::value* next = member(*object, "next");
  if (next == nullptr || next->is_null()) return out;
  if (!next->is_string()) return reason{"'next' is neither text nor null"};
  out.next = std::string(next->get_string().data(), next->get_string().size());
  return out;
}

std::string write_one(const char* name, std::string_view text) {
  json::object out;
  out[name] = json::string_view(text.data(), text.size());
  return json::serialize(out);
}

}  // namespace

checked<chat> read_chat(std::string_view json) {
  return read_one<chat>(json, to_chat);
}
checked<message> read_message(std::string_view json) {
  return read_one<message>(json, to_message);
}
checked<page<chat>> read_chats(std::string_view json) {
  return read_page<chat>(json, to_chat);
}
checked<page<message>> read_messages(std::string_view json) {
  return read_page<message>(json, to_message);
}

std::string write_participant(std::string_view peer) {
  return write_one("participant", peer);
}
std::string write_body(std::string_view text) {
  return write_one("body", text);
}

event read_event(std::string_view text) {
  event out;
  const auto value = parse(text);
  if (!value) return out;
  const json::object* object = value->if_object();
  if (object == nullptr) return out;
  const json::value* name = member(*object, "event");
  const json::value* data = member(*object, "data");
  if (name == nullptr || !name->is_string()) return out;
  if (name->get_string() == "ready") {
    out.kind = event_kind::ready;
    if (data != nullptr) out.user = members(*data, "data").id("user", false);
  } else if (name->get_string() == "message") {
    auto read = data == nullptr ? checked<message>(reason{"no member 'data'"}) : to_message(*data);
    if (!read) {
      out.problem = read.error().clause;
      return out;
    }
    out.kind = event_kind::message;
    out.message = std::move(*read);
  }
  return out;
}

}  // namespace client

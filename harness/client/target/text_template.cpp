#include "harness/client/target/text_template.hpp"

#include "harness/client/jwt/base64url.hpp"

#include <fmt/format.h>

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>

namespace client {

namespace {

constexpr std::string_view hex = "0123456789ABCDEF";

bool is_unreserved(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
}

void append_percent(std::string& onto, char c) {
  const auto byte = static_cast<unsigned char>(c);
  onto += '%';
  onto += hex[byte >> 4U];
  onto += hex[byte & 15U];
}

void append_percent_encoded(std::string& onto, std::string_view text) {
  for (const char c : text) {
    if (is_unreserved(c)) {
      onto += c;
    } else {
      append_percent(onto, c);
    }
  }
}

struct seen {
  std::string_view text;
  bool bare = false;
};

std::optional<seen> find_in(const variables* in, std::string_view name) {
  const variable* found = in == nullptr ? nullptr : in->find(name);
  if (found == nullptr) return std::nullopt;
  return seen{found->text, found->bare};
}

std::optional<seen> look_up(const slot& place, const scope& from) {
  switch (place.from) {
    case space::own:
      for (const local_variable& each : from.call) {
        if (each.name == place.name) return seen{each.text, each.bare};
      }
      return find_in(from.self, place.name);
    case space::self:
      return find_in(from.self, place.name);
    case space::peer:
      return find_in(from.peer, place.name);
    case space::chat:
      return find_in(from.chat, place.name);
  }
  return std::nullopt;
}

bool is_null(const seen& value) {
  return value.bare && value.text == "null";
}

void append_encoded(std::string& onto, const seen& value, encoding around) {
  switch (around) {
    case encoding::plain:
      onto += value.text;
      return;
    case encoding::path:
      return append_path_encoded(onto, value.text);
    case encoding::query:
      return append_percent_encoded(onto, value.text);
    case encoding::json_string:
      return append_json_escaped(onto, value.text);
    case encoding::json_value:
      if (value.bare) {
        onto += value.text;
        return;
      }
      onto += '"';
      append_json_escaped(onto, value.text);
      onto += '"';
      return;
  }
}

void append_slot(std::string& onto, const slot& place, seen value) {
  if (place.filters.empty()) return append_encoded(onto, value, place.around);
  std::string text(value.text);
  bool encoded = false;
  for (const filter each : place.filters) {
    switch (each) {
      case filter::url:
        text = percent_encoded(text);
        encoded = true;
        break;
      case filter::base64:
        text = jwt::base64(text);
        break;
      case filter::text:
        break;
      case filter::number:
        break;
    }
  }
  const bool bare = place.filters.back() == filter::number;
  // What was percent-encoded on demand is not encoded again.
  const bool done = encoded && (place.around == encoding::path || place.around == encoding::query);
  append_encoded(onto, {text, bare}, done ? encoding::plain : place.around);
}

}  // namespace

std::string percent_encoded(std::string_view text) {
  std::string out;
  append_percent_encoded(out, text);
  return out;
}

void append_path_encoded(std::string& onto, std::string_view text) {
  static constexpr std::string_view others = "/:@!$&'()*+,;=";
  std::size_t kept = 0;  // up to here it is written
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool escape = c == '%' && i + 2 < text.size() && is_hex(text[i + 1]) && is_hex(text[i + 2]);
    if (is_unreserved(c) || escape || others.find(c) != std::string_view::npos) continue;
    onto += text.substr(kept, i - kept);
    append_percent(onto, c);
    kept = i + 1;
  }
  onto += text.substr(kept);
}

void append_json_escaped(std::string& onto, std::string_view text) {
  static constexpr std::string_view short_ones = "\b\t\n\v\f\r";
  static constexpr std::string_view letters = "btn?fr";
  std::size_t kept = 0;  // up to here it is written
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && c != '"' && c != '\\') continue;
    onto += text.substr(kept, i - kept);
    kept = i + 1;
    onto += '\\';
    if (byte >= 0x20) {
      onto += c;
    } else if (const auto at = short_ones.find(c); at != std::string_view::npos && letters[at] != '?') {
      onto += letters[at];
    } else {
      onto += fmt::format("u{:04x}", byte);
    }
  }
  onto += text.substr(kept);
}

std::string slot::written() const {
  static constexpr std::array<std::string_view, 4> spaces{"", "self.", "peer.", "chat."};
  static constexpr std::array<std::string_view, 4> filter_names{"url", "base64", "text", "number"};
  std::string out = "${";
  out += spaces.at(static_cast<std::size_t>(from));
  out += name;
  for (const filter each : filters) out.append("|").append(filter_names.at(static_cast<std::size_t>(each)));
  return out + "}";
}

void text_template::add(slot place) {
  pieces_.push_back({std::move(tail_), std::move(place)});
  tail_.clear();
}

void text_template::append(const text_template& other) {
  for (const piece& each : other.pieces_) {
    add_literal(each.before);
    add(each.place);
  }
  add_literal(other.tail_);
}

checked<void> text_template::fill(const scope& from, std::string& onto) const {
  std::size_t expected = onto.size() + tail_.size();
  for (const piece& each : pieces_) expected += each.before.size() + 80;  // an id, a tag with its text
  onto.reserve(expected);
  for (const piece& each : pieces_) {
    onto += each.before;
    const auto value = look_up(each.place, from);
    if (!value || (is_null(*value) && each.place.around != encoding::json_value)) {
      return reason{fmt::format("needs {}, which has no value", each.place.written())};
    }
    append_slot(onto, each.place, *value);
  }
  onto += tail_;
  return {};
}

checked<std::string> text_template::fill(const scope& from) const {
  std::string out;
  if (const auto filled = fill(from, out); !filled) return filled.error();
  return checked<std::string>(boost::system::in_place_value, std::move(out));
}

checked<std::optional<std::string>> text_template::fill_unless_null(const scope& from) const {
  using maybe = std::optional<std::string>;
  if (pieces_.size() == 1 && tail_.empty() && pieces_.front().before.empty()) {
    const auto value = look_up(pieces_.front().place, from);
    if (!value || is_null(*value)) return checked<maybe>(boost::system::in_place_value, std::nullopt);
  }
  auto filled = fill(from);
  if (!filled) return filled.error();
  return checked<maybe>(boost::system::in_place_value, std::move(*filled));
}

bool text_template::uses(space from) const noexcept {
  return std::any_of(pieces_.begin(), pieces_.end(), [&](const piece& each) { return each.place.from == from; });
}

std::vector<slot> text_template::slots() const {
  std::vector<slot> out;
  for (const piece& each : pieces_) out.push_back(each.place);
  return out;
}

const variable* variables::find(std::string_view name) const noexcept {
  for (const auto& [known, value] : all_) {
    if (known == name) return &value;
  }
  return nullptr;
}

void variables::set(std::string_view name, variable value) {
  for (auto& [known, present] : all_) {
    if (known == name) {
      present = std::move(value);
      return;
    }
  }
  all_.emplace_back(name, std::move(value));
}

variable to_variable(const boost::json::value& value) {
  if (const boost::json::string* text = value.if_string()) return {{text->data(), text->size()}, false};
  return {boost::json::serialize(value), true};
}

}  // namespace client

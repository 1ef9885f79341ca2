#include "harness/client/doctor/mask.hpp"

#include "harness/client/jwt/base64url.hpp"
#include "harness/client/target/secret_name.hpp"
#include "harness/client/target/text_template.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace client::doctor {

namespace {

constexpr std::string_view mark = "***";

bool in_name(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
}

std::size_t past(std::string_view text, std::size_t from, std::string_view over) {
  return std::min(text.find_first_not_of(over, from), text.size());
}

// Where the value begins that a name at [.., end) is given: `name=value`, "name": "value" (also inside of a string of
// JSON), name="name" value="value". npos: none.
std::size_t value_after(std::string_view text, std::size_t end) {
  constexpr auto none = std::string_view::npos;
  if (end < text.size() && text[end] == '=') return past(text, end + 1, "\"'");
  const auto quoted = past(text, end, "\\");
  if (quoted >= text.size() || (text[quoted] != '"' && text[quoted] != '\'')) return none;
  const auto next = past(text, quoted + 1, " ");
  if (next < text.size() && text[next] == ':') return past(text, past(text, next + 1, " "), "\\\"");
  constexpr std::string_view hidden = "value=";
  if (text.substr(next).starts_with(hidden)) return past(text, next + hidden.size(), "\"'");
  return none;
}

std::string without_named(std::string_view text) {
  std::string out;
  std::size_t at = 0;
  while (at < text.size()) {
    std::size_t end = at;
    while (end < text.size() && in_name(text[end])) ++end;
    const auto value = end > at && names_a_secret(text.substr(at, end - at)) ? value_after(text, end) : text.npos;
    if (value == text.npos) {
      end = std::max(end, at + 1);
      out += text.substr(at, end - at);
      at = end;
      continue;
    }
    // A list or an object is looked into; its members have names of their own.
    const auto stop = std::min(text.find_first_of("&\"'\\ \t\r\n,;{}[]<>", value), text.size());
    out.append(text.substr(at, value - at)).append(stop > value ? mark : "");
    at = stop;
  }
  return out;
}

// eyJ….….…: the head of a JSON Web Token is JSON, so that each begins like this.
std::string without_web_tokens(std::string_view text) {
  std::string out;
  for (;;) {
    const auto at = text.find("eyJ");
    out += text.substr(0, at);
    if (at == text.npos) return out;
    std::size_t end = at;
    while (end < text.size() && (in_name(text[end]) || text[end] == '.')) ++end;
    const auto token = text.substr(at, end - at);
    out += std::ranges::count(token, '.') >= 2 ? mark : token;
    text.remove_prefix(end);
  }
}

void replace_all(std::string& text, std::string_view what) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + mark.size())) {
    text.replace(at, what.size(), mark);
  }
}

std::string cookies_without_values(std::string_view value) {
  std::string out;
  while (!value.empty()) {
    const auto pair = value.substr(0, value.find(';'));
    value.remove_prefix(std::min(pair.size() + 1, value.size()));
    const auto equals = pair.find('=');
    out.append(out.empty() ? "" : ";").append(pair.substr(0, equals));
    if (equals != pair.npos) out.append("=").append(mark);
  }
  return out;
}

}  // namespace

void mask::add_form(std::string form) {
  if (form.size() < shortest || std::ranges::find(forms_, form) != forms_.end()) return;
  const auto longer = [](const std::string& a, const std::string& b) { return a.size() > b.size(); };
  forms_.insert(std::ranges::upper_bound(forms_, form, longer), std::move(form));
}

void mask::add(std::string_view secret) {
  if (secret.size() < shortest) return;
  add_form(std::string(secret));
  std::string encoded = percent_encoded(secret);
  add_form(encoded);
  std::string of_form = encoded;
  for (auto at = of_form.find("%20"); at != of_form.npos; at = of_form.find("%20")) of_form.replace(at, 3, "+");
  add_form(std::move(of_form));
  for (std::size_t i = 0; i + 2 < encoded.size(); ++i) {
    if (encoded[i] != '%') continue;
    for (const std::size_t k : {i + 1, i + 2}) {
      encoded[k] = static_cast<char>(std::tolower(static_cast<unsigned char>(encoded[k])));
    }
  }
  add_form(std::move(encoded));
  std::string in_path;
  append_path_encoded(in_path, secret);
  add_form(std::move(in_path));
  std::string in_json;
  append_json_escaped(in_json, secret);
  add_form(std::move(in_json));
  // What stands before it shifts its letters: three ways, each without the letters that its neighbours share.
  for (std::size_t before = 0; before < 3; ++before) {
    std::string letters = jwt::base64url(std::string(before, 'x') + std::string(secret));
    letters.erase(0, before == 0 ? 0 : before + 1);
    if ((before + secret.size()) % 3 != 0) letters.pop_back();
    if (letters.size() < 2 * shortest) continue;
    add_form(letters);
    std::ranges::replace(letters, '-', '+');
    std::ranges::replace(letters, '_', '/');
    add_form(std::move(letters));
  }
}

void mask::add_header(std::string_view name) {
  std::string lower(name);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (std::ranges::find(headers_, lower) == headers_.end()) headers_.push_back(std::move(lower));
}

std::string mask::text(std::string_view text) const {
  std::string out(text);
  for (const std::string& form : forms_) replace_all(out, form);
  return without_named(without_web_tokens(out));
}

std::string mask::header(std::string_view name, std::string_view value) const {
  std::string lower(name);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (lower == "cookie") return cookies_without_values(value);
  if (lower == "set-cookie") {
    const auto end = std::min(value.find(';'), value.size());
    return cookies_without_values(value.substr(0, end)) + text(value.substr(end));
  }
  if (lower == "authorization" || lower == "proxy-authorization") {
    const auto space = value.find(' ');
    return std::string(space == value.npos ? "" : value.substr(0, space + 1)).append(mark);
  }
  if (names_a_secret(name) || std::ranges::find(headers_, lower) != headers_.end()) return std::string(mark);
  return text(value);
}

std::string mask::beginning(std::string_view whole, std::size_t most) const {
  constexpr std::size_t much = 1U << 20U;
  std::string shown = text(whole.substr(0, much));
  if (whole.size() > much) {  // it may end inside of a secret
    const std::size_t longest = forms_.empty() ? 0 : forms_.front().size();
    shown.resize(shown.size() - std::min(shown.size(), longest));
  }
  if (shown.size() <= most && whole.size() <= much) return shown;
  shown.resize(std::min(shown.size(), most));
  while (!shown.empty() && (static_cast<unsigned char>(shown.back()) & 0xC0U) == 0x80U) shown.pop_back();
  if (!shown.empty() && static_cast<unsigned char>(shown.back()) >= 0xC0U) shown.pop_back();
  return fmt::format("{}… ({} bytes in all)", shown, whole.size());
}

}  // namespace client::doctor

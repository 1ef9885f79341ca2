#include "harness/record/masking.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace record {
namespace {

constexpr std::string_view mark = "***";

bool same_letter(char a, char b) {
  return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
}

std::size_t find_word(std::string_view text, std::string_view word, std::size_t from) {
  const auto found = std::search(text.begin() + static_cast<std::ptrdiff_t>(std::min(from, text.size())), text.end(),
                                 word.begin(), word.end(), same_letter);
  return found == text.end() ? std::string_view::npos : static_cast<std::size_t>(found - text.begin());
}

bool is_token_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
         std::string_view("-._~+/=%").find(c) != std::string_view::npos;
}

std::size_t skip(std::string_view text, std::size_t from, std::string_view over) {
  const auto at = text.find_first_not_of(over, from);
  return at == std::string_view::npos ? text.size() : at;
}

// The end of a value that begins at `from`: the closing quote when it is quoted, else the end of the line.
std::size_t end_of_value(std::string_view text, std::size_t from, std::string_view stops) {
  const auto at = text.find_first_of(stops, from);
  return at == std::string_view::npos ? text.size() : at;
}

void replace(std::string& text, std::size_t from, std::size_t to) {
  if (to > from && text.compare(from, to - from, mark) != 0) {
    text.replace(from, to - from, mark);
  }
}

// `Authorization: Bearer abc`, `"authorization": "abc"`, `Cookie: a=b; c=d`.
void mask_headers(std::string& text) {
  constexpr std::array<std::string_view, 4> headers = {"authorization", "set-cookie", "cookie", "x-auth-token"};
  for (const auto header : headers) {
    for (auto at = find_word(text, header, 0); at != std::string::npos; at = find_word(text, header, at + 1)) {
      auto value = skip(text, at + header.size(), "\"\\ ");
      if (value >= text.size() || (text[value] != ':' && text[value] != '=')) {
        continue;
      }
      value = skip(text, value + 1, " \"\\");
      for (const std::string_view scheme : {"Bearer ", "Basic ", "Token "}) {
        if (find_word(std::string_view(text).substr(value, scheme.size()), scheme, 0) == 0) {
          value = skip(text, value + scheme.size(), " ");
          break;
        }
      }
      replace(text, value, end_of_value(text, value, "\"'\\\r\n"));
    }
  }
}

// `access_token=abc` in a URL or a form, `"token":"abc"` in JSON.
void mask_parameters(std::string& text) {
  constexpr std::array<std::string_view, 5> parameters = {"token", "password", "secret", "passwd", "api_key"};
  for (const auto parameter : parameters) {
    for (auto at = find_word(text, parameter, 0); at != std::string::npos; at = find_word(text, parameter, at + 1)) {
      auto value = at + parameter.size();
      if (value < text.size() && text[value] == '=') {
        ++value;
        auto end = value;
        while (end < text.size() && is_token_character(text[end])) {
          ++end;
        }
        replace(text, value, end);
        continue;
      }
      value = skip(text, value, "\\");
      if (value >= text.size() || text[value] != '"') {
        continue;
      }
      value = skip(text, value + 1, " ");
      if (value >= text.size() || text[value] != ':') {
        continue;
      }
      value = skip(text, value + 1, " \\");
      if (value < text.size() && text[value] == '"') {
        ++value;
        replace(text, value, end_of_value(text, value, "\"\\"));
      }
    }
  }
}

// eyJ….….…: the header of a JSON Web Token is JSON, so it always begins like this.
void mask_web_tokens(std::string& text) {
  for (auto at = text.find("eyJ"); at != std::string::npos; at = text.find("eyJ", at + 1)) {
    auto end = at;
    while (end < text.size() && (std::isalnum(static_cast<unsigned char>(text[end])) != 0 || text[end] == '-' ||
                                 text[end] == '_' || text[end] == '.')) {
      ++end;
    }
    if (std::count(text.begin() + static_cast<std::ptrdiff_t>(at), text.begin() + static_cast<std::ptrdiff_t>(end),
                   '.') >= 2) {
      replace(text, at, end);
    }
  }
}

std::string as_json(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
    }
    out += c;
  }
  return out;
}

std::string as_url(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || std::string_view("-._~").find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += '%';
      out += "0123456789ABCDEF"[byte >> 4];
      out += "0123456789ABCDEF"[byte & 15];
    }
  }
  return out;
}

bool speaks_of_a_secret(std::string_view name) {
  for (const std::string_view word : {"secret", "token", "password", "passwd", "authorization", "cookie", "api_key"}) {
    if (find_word(name, word, 0) != std::string_view::npos) {
      return true;
    }
  }
  return false;
}

std::string quoted(const std::string& argument) {
  const bool plain = !argument.empty() && argument.find_first_not_of(
                                              "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                              "0123456789-_./:=,%+@*") == std::string::npos;
  if (plain) {
    return argument;
  }
  std::string out = "'";
  for (const char c : argument) {
    c == '\'' ? out += "'\\''" : out += c;
  }
  return out + "'";
}

}  // namespace

void masking::add(std::string_view secret) {
  if (secret.size() < shortest) {
    return;
  }
  for (auto form : {std::string(secret), as_json(secret), as_url(secret)}) {
    if (std::find(secrets_.begin(), secrets_.end(), form) == secrets_.end()) {
      secrets_.push_back(std::move(form));
    }
  }
  std::stable_sort(secrets_.begin(), secrets_.end(),
                   [](const std::string& a, const std::string& b) { return a.size() > b.size(); });
}

std::string masking::mask(std::string_view text) const {
  std::string out(text);
  for (const auto& secret : secrets_) {
    for (auto at = out.find(secret); at != std::string::npos; at = out.find(secret, at + mark.size())) {
      out.replace(at, secret.size(), mark);
    }
  }
  mask_headers(out);
  mask_parameters(out);
  mask_web_tokens(out);
  return out;
}

std::string masking::mask_command(const std::vector<std::string>& arguments) const {
  std::string out;
  bool hide = false;
  for (const auto& argument : arguments) {
    const auto equals = argument.find('=');
    const auto name = argument.substr(0, equals);
    auto shown = argument;
    if (hide) {
      shown = mark;
    } else if (equals != std::string::npos && speaks_of_a_secret(name)) {
      shown = name + "=" + std::string(mark);
    }
    // --secret-file names a file, which is no secret.
    hide = !hide && equals == std::string::npos && argument.starts_with("--") && speaks_of_a_secret(argument) &&
           !argument.ends_with("-file");
    out += (out.empty() ? "" : " ") + quoted(mask(shown));
  }
  return out;
}

}  // namespace record

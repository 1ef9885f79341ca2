#include "reference-server/test/hostile/requests.hpp"

#include <array>

namespace hostile {
namespace {

constexpr auto words = std::to_array<std::string_view>({"\r\n",
                                                        "\n",
                                                        "\r",
                                                        "\r\n\r\n",
                                                        std::string_view("\0", 1),
                                                        " ",
                                                        "\t",
                                                        ":",
                                                        "\r\n folded",
                                                        "%",
                                                        "%0",
                                                        "%zz",
                                                        "%00",
                                                        "%2f",
                                                        "%2e%2e/",
                                                        "%F0%9F%98%80",
                                                        "%c0%80",
                                                        "%ED%A0%80",
                                                        "/",
                                                        "//",
                                                        "/../",
                                                        "?",
                                                        "&",
                                                        "=",
                                                        "#",
                                                        "*",
                                                        "http://a",
                                                        "?limit=200&after=0",
                                                        "&limit=-1",
                                                        "&before=9223372036854775807",
                                                        "9007199254740993",
                                                        "18446744073709551616",
                                                        "-0",
                                                        "1e999",
                                                        "Host: other\r\n",
                                                        "Content-Length: 0\r\n",
                                                        "Content-Length: 18446744073709551616\r\n",
                                                        "Content-Length: +3\r\n",
                                                        "Transfer-Encoding: chunked\r\n",
                                                        "Transfer-Encoding: xchunked\r\n",
                                                        "Expect: 100-continue\r\n",
                                                        "Connection: close, keep-alive\r\n",
                                                        "Upgrade: websocket\r\n",
                                                        "HTTP/1.0",
                                                        "HTTP/9.9",
                                                        "\xff\xfe",
                                                        "\xed\xa0\x80",
                                                        "\xc0\x80",
                                                        "\xef\xbb\xbf",
                                                        "\xf4\x90\x80\x80",
                                                        "\\ud800",
                                                        "\\u0000",
                                                        "\\udc00\\ud800",
                                                        "{",
                                                        "[[[[[[[[",
                                                        "\"",
                                                        "\"body\":\"",
                                                        "null"});

std::string repeated(std::string_view text, std::size_t times) {
  std::string made;
  for (std::size_t i = 0; i < times; ++i) made += text;
  return made;
}

std::string chunks(seeded& chance, std::string_view body) {
  std::string made;
  while (!body.empty()) {
    const auto piece = body.substr(0, 1 + chance.below(body.size()));
    char size[24];
    std::snprintf(size, sizeof size, "%zx", piece.size());
    made += chance.once_in(12)
                ? chance.among({"ffffffffffffffff", "-1", "0x3", "", "g", "00000000000000000003", "7fffffff"})
                : std::string_view(size);
    if (chance.once_in(8)) made += ";" + repeated("ext=\"a\"", chance.size() % 200);
    made.append("\r\n").append(piece).append(chance.once_in(20) ? "\n" : "\r\n");
    body.remove_prefix(piece.size());
  }
  made += "0\r\n";
  if (chance.once_in(4)) made += repeated("Trailer: t\r\n", chance.size() % 300);
  return made + "\r\n";
}

}  // namespace

std::span<const std::string_view> http_words() {
  return words;
}

std::string request(std::string_view line, std::string_view fields, std::string_view body) {
  std::string made(line);
  made.append(" HTTP/1.1\r\nHost: h\r\n").append(fields);
  if (!body.empty()) made += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  return made.append("\r\n").append(body);
}

std::string bad_json(seeded& chance) {
  switch (chance.below(10)) {
    case 0:
      return R"({"body":)" + std::string(chance.size(), '[');
    case 1:
      return repeated(R"({"a":)", chance.size() % 9000) + "1" + std::string(chance.below(40), '}');
    case 2:
      return "{\"body\":\"" + chance.bytes(chance.below(64)) + "\"}";
    case 3:
      return "{\"body\":\"" + repeated("\xf0\x9f\x98\x80", 4090 + chance.below(12)) + "\"}";
    case 4:
      return "{\"body\":\"" + std::string(chance.size() % 70'000, chance.byte()) + "\"}";
    case 5:
      return "{\"body\":\"" +
             repeated(chance.among({"\\ud83d\\ude00", "\\ud83d", "\\u0000", "\\u2028", "\\q", "\\"}),
                      chance.size() % 6000) +
             "\"}";
    case 6:
      return repeated(R"({"body":"a","body":)", 1) +
             std::string(chance.among(
                 {"1e308", "1e-999", "-", "0123", "1.", "NaN", "nul", "tru", "9999999999999999999999", "\"b\""})) +
             "}";
    case 7:
      return "{" + repeated("\"k\":0,", chance.size() % 11'000) + "\"body\":\"many\"}";
    case 8:
      return std::string(chance.among({"", " ", "[]", "\"\"", "null", "{", "}", "{}", "\xef\xbb\xbf{\"body\":\"bom\"}",
                                       "{\"body\":\"a\"}x", "{\"body\":\"a\"}{}", "{'body':1}", "{\"\":\"\"}"}));
    default:
      return "{\"body\":\"" +
             std::string(
                 chance.among({"\xc3", "\xc0\x80", "\xed\xa0\x80", "\xf8\x88\x80\x80\x80", "\xe2\x80", "\xff"})) +
             "\"}";
  }
}

std::string bad_token(seeded& chance, const std::string& good) {
  switch (chance.below(6)) {
    case 0:
      return std::string(chance.size(), '.');
    case 1:
      return "eyJhbGciOiJub25lIn0." + good.substr(good.find('.') + 1);
    case 2:
      return good.substr(0, good.rfind('.') + 1);
    case 3:
      return good + std::string(chance.size() % 5000, 'A');
    case 4:
      return std::string(chance.below(100), chance.byte());
    default:
      return chance.changed(good, words);
  }
}

std::string bad_request(seeded& chance, const std::string& target, const std::string& fields) {
  const std::string post = "POST " + target + " HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n" + fields;
  switch (chance.below(13)) {
    case 0:
      return chance.bytes(chance.size() % 3000);
    case 1:
      return "GET " + target + " HTTP/1.1\r\nHost: h\r\n" + fields + repeated("X: y\r\n", chance.size() % 4000) +
             "\r\n";
    case 2:
      return "GET " + target + " HTTP/1.1\r\nHost: h\r\nX: " + std::string(chance.size() % 40'000, 'x') + "\r\n\r\n";
    case 3:
      return "GET " + target + "?" +
             repeated(chance.among({"%", "a", "&", "%41", "limit=1&", "/", "\x80"}), chance.size() % 9000) +
             " HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n";
    case 4:
      return post + "Transfer-Encoding: chunked\r\n\r\n" + chunks(chance, bad_json(chance));
    case 5:
      return post + "Transfer-Encoding: " +
             std::string(chance.among(
                 {"gzip", "chunked, chunked", "gzip, chunked", "identity", "Chunked", "\"chunked\"", ""})) +
             "\r\n\r\n0\r\n\r\n";
    case 6:
      return post + "Content-Length: " +
             std::string(chance.among({"-1", "0x10", "1e3", "00000002", "99999999999999999999", "65537", "2, 2",
                                       "2\r\nContent-Length: 2", ""})) +
             "\r\n\r\n{}";
    case 7:
      return post + "Content-Length: " + std::to_string(chance.size()) + "\r\n\r\n" + bad_json(chance);
    case 8:
      return std::string(chance.among({"GET", "get", "BREW", "CONNECT", "TRACE", "PRI", "G\xc3\x84T", ""})) + " " +
             target + " " +
             std::string(chance.among({"HTTP/1.1", "HTTP/1.0", "HTTP/2.0", "HTTP/0.9", "http/1.1", ""})) +
             "\r\nHost: h\r\n" + fields + "\r\n";
    case 9:
      return repeated("GET " + target + " HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n", 1 + chance.below(30));
    case 10:
      return std::string(
                 chance.among({"\r\n", "\r\n\r\n", "\n", " ", "\0", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"})) +
             request("GET " + target, fields, "");
    case 11:
      return post + "Expect: " + std::string(chance.among({"100-continue", "100-CONTINUE", "200-ok"})) +
             "\r\nContent-Length: 2\r\n\r\n" + std::string(chance.among({"", "{", "{}"}));
    default:
      return "GET " + std::string(chance.among({"*", "http://", "http://h", "//h/", "h:80", "\\", "/%", "/\x01"})) +
             " HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n";
  }
}

std::string requests::target() {
  const std::string chats = "/api/v1/chats/";
  switch (chance_.below(7)) {
    case 0:
      return "/api/v1/login/";
    case 1:
      return chats;
    case 2:
      return chats + chat_ + "/";
    case 3:
      return chats + chat_ + "/messages/1/";
    case 4:
      return chats +
             std::string(chance_.among({"0", "-1", "9007199254740991", "9007199254740992", "1e3", "%31", "../1"})) +
             "/messages";
    default:
      return chats + chat_ + "/messages/";
  }
}

std::string requests::good() {
  const std::string alice = "Authorization: Bearer " + token_ + "\r\n";
  const std::string post = alice + "Content-Type: application/json\r\n";
  const std::string messages = "/api/v1/chats/" + chat_ + "/messages/";
  switch (chance_.below(7)) {
    case 0:
      return request("GET " + target() + "?limit=3", alice, "");
    case 1:
      return request("POST /api/v1/login/", post, R"({"user":"hostile.carol"})");
    case 2:
      return request("POST /api/v1/chats/", post, R"({"participant":"hostile.bob"})");
    case 3:
      return request("POST " + messages, post + "Idempotency-Key: k" + std::to_string(chance_.below(50)) + "\r\n",
                     R"({"body":"again"})");
    case 4:
      return request("GET " + messages + "?limit=2&before=900000", alice, "");
    case 5:
      return request(std::string(chance_.among({"HEAD ", "OPTIONS ", "DELETE "})) + target(), alice, "");
    default:
      return request("POST " + messages, post, R"({"body":"hi \ud83d\ude00 there"})");
  }
}

item requests::next() {
  item made{.bytes = {}, .silence = std::chrono::milliseconds(chance_.once_in(4) ? chance_.below(20) : 0)};
  const std::string alice = "Authorization: Bearer " + token_ + "\r\n";
  const std::string posted = "POST " + (chance_.once_in(6) ? target() : "/api/v1/chats/" + other_chat_ + "/messages/");
  switch (chance_.below(8)) {
    case 0:
    case 1:
      made.bytes = bad_request(chance_, target(), chance_.once_in(4) ? "" : alice);
      break;
    case 2:
      made.bytes = request(posted, alice + "Content-Type: application/json\r\n", bad_json(chance_));
      break;
    case 3:
      made.bytes = request(posted, alice + "Content-Type: application/json\r\n",
                           chance_.changed(R"({"body":"h\u00e9llo","more":[1,{"a":null}]})", words));
      break;
    case 4:
      made.bytes = request("GET " + target(), "Authorization: Bearer " + bad_token(chance_, token_) + "\r\n", "");
      break;
    case 5:
      made.bytes = request("GET " + chance_.changed(target() + "?limit=7&after=3", words), alice, "");
      break;
    default:
      made.bytes = chance_.changed(good(), words);
      if (chance_.once_in(5)) made.bytes += good();
      break;
  }
  made.reset = chance_.once_in(25);
  return made;
}

}  // namespace hostile

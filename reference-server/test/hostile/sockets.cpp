#include "reference-server/test/hostile/sockets.hpp"

#include "reference-server/test/hostile/requests.hpp"

#include <array>

namespace hostile {
namespace {

constexpr auto frame_words = std::to_array<std::string_view>({"0",
                                                              "1",
                                                              "2",
                                                              "3",
                                                              "4",
                                                              "5",
                                                              "6",
                                                              "40",
                                                              "41",
                                                              "42",
                                                              "43",
                                                              "44",
                                                              "45",
                                                              "46",
                                                              "2probe",
                                                              "3probe",
                                                              "b",
                                                              "bAAA=",
                                                              "b====",
                                                              "\x1e",
                                                              "\x1e\x1e",
                                                              "-",
                                                              "1-",
                                                              "10-",
                                                              "11-",
                                                              "99999999999999999999-",
                                                              "/",
                                                              "/,",
                                                              "/admin,",
                                                              ",",
                                                              "12",
                                                              "18446744073709551616",
                                                              "[",
                                                              "]",
                                                              "[[[[",
                                                              "{}",
                                                              "{\"_placeholder\":true,\"num\":0}",
                                                              "{\"_placeholder\":true,\"num\":-1}",
                                                              "\"disconnect\"",
                                                              "\\ud800",
                                                              "\xff",
                                                              "\xed\xa0\x80",
                                                              "\xf0\x9f\x98",
                                                              "\xf0\x9f\x98\x80"});

constexpr std::string_view upgrade =
    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

std::string big_endian(std::uint64_t number, std::size_t bytes) {
  std::string made;
  for (std::size_t i = bytes; i > 0; --i) made += static_cast<char>(number >> (8 * (i - 1)));
  return made;
}

std::string masked(std::string text, std::string_view key) {
  for (std::size_t i = 0; i < text.size(); ++i) text[i] = static_cast<char>(text[i] ^ key[i % 4]);
  return text;
}

std::string good_frame(char first, const std::string& text) {
  const std::string key = "\x01\x7f\x80\xfe";
  const std::string size =
      text.size() < 126 ? std::string(1, static_cast<char>(0x80 | text.size())) : "\xfe" + big_endian(text.size(), 2);
  return first + size + key + masked(text, key);
}

}  // namespace

// A Socket.IO packet with the 4 of its Engine.IO message.
std::string sockets::packet() {
  switch (chance_.below(9)) {
    case 0:
      return "40{\"token\":\"" + (chance_.once_in(2) ? token_ : bad_token(chance_, token_)) + "\"}";
    case 1:
      return "42" + std::string(chance_.size() % 4000, '[');
    case 2:
      return "45" + std::to_string(chance_.below(13)) +
             "-[\"f\",{\"_placeholder\":true,\"num\":" + std::to_string(chance_.below(12)) + "}]";
    case 3:
      return "40/" + std::string(chance_.size() % 4000, 'n') + ",{}";
    case 4:
      return "43" + std::string(chance_.size() % 60, '9') + "[]";
    case 5:
      return "42[\"" + chance_.bytes(chance_.below(50)) + "\"]";
    default:
      return std::string(
          chance_.among({"40", "40{}", "40/admin,{\"a\":1}", "41", "41/admin,", "42[\"said\",{\"a\":[1,2,null]}]",
                         "4217[\"asked\"]", "4317[true]", "44{\"message\":\"no\"}", "42",
                         "451-[\"f\",{\"_placeholder\":true,\"num\":0}]", "461-3[]", "47", "4"}));
  }
}

std::string sockets::engine_packet() {
  if (chance_.once_in(4))
    return std::string(
        chance_.among({"0{}", "1", "2", "2probe", "3", "3probe", "5", "6", "7", "bAAAA", "bA", "b!", ""}));
  return chance_.once_in(2) ? packet() : chance_.changed(packet(), frame_words);
}

std::string sockets::payload() {
  std::string made = chance_.once_in(2) ? "40{\"token\":\"" + token_ + "\"}" : engine_packet();
  for (std::size_t more = chance_.once_in(10) ? chance_.below(400) : chance_.below(4); more > 0; --more) {
    made += '\x1e' + engine_packet();
  }
  if (chance_.once_in(4)) made = chance_.changed(made, frame_words);
  return chance_.once_in(30) ? made + std::string(chance_.size(), 'x') : made;
}

std::string sockets::frame() {
  if (chance_.once_in(2)) return good_frame(chance_.once_in(6) ? '\x82' : '\x81', engine_packet());
  const std::string key = chance_.once_in(3) ? std::string(4, '\0') : chance_.bytes(4);
  std::string text =
      chance_.once_in(3) ? engine_packet() : chance_.bytes(chance_.once_in(20) ? chance_.size() : chance_.below(130));
  char first = static_cast<char>(chance_.once_in(3) ? chance_.byte() : 0x80 | chance_.below(11));
  if (chance_.once_in(5)) {
    first = '\x88';
    text = big_endian(chance_.once_in(2) ? 995 + chance_.below(25) : chance_.below(65536), 2) +
           text.substr(0, chance_.below(130));
  }
  if (chance_.once_in(8)) first = static_cast<char>(first & 0x0f);  // to be continued
  const std::size_t told = chance_.once_in(12) ? chance_.size() : text.size();
  std::string made(1, first);
  const char mask = chance_.once_in(15) ? '\0' : '\x80';
  if (chance_.once_in(15)) {
    made += static_cast<char>(mask | 127);
    made += chance_.once_in(3) ? chance_.bytes(8) : big_endian(told, 8);
  } else if (told > 125 || chance_.once_in(20)) {
    made += static_cast<char>(mask | 126);
    made += big_endian(told, 2);
  } else {
    made += static_cast<char>(mask | static_cast<char>(told));
  }
  return made + (mask != 0 ? key + masked(text, key) : text);
}

// A message in pieces, or a few frames as they come.
std::string sockets::frames() {
  std::string made;
  if (chance_.once_in(5)) {
    const std::string text = engine_packet() + (chance_.once_in(2) ? "\xf0\x9f\x98\x80" : "");
    for (std::size_t i = 0; i < text.size(); ++i) {
      const int last = i + 1 == text.size() && !chance_.once_in(5) ? 0x80 : 0;
      made += good_frame(static_cast<char>(last | (i == 0 ? 1 : 0)), text.substr(i, 1));
      if (chance_.once_in(10)) made += good_frame('\x89', "between");
    }
    return made;
  }
  for (std::size_t more = 1 + chance_.below(4); more > 0; --more) made += frame();
  return chance_.once_in(4) ? chance_.changed(made, frame_words) : made;
}

std::string sockets::handshake(const std::string& target, const std::string& fields) {
  return "GET " + target + " HTTP/1.1\r\nHost: h\r\n" + std::string(upgrade) + fields + "\r\n";
}

std::string sockets::session() {
  return sessions_.empty() || chance_.once_in(20) ? chance_.bytes(chance_.below(30))
                                                  : sessions_[chance_.below(sessions_.size())];
}

std::string sockets::conversation() {
  const std::string path = "/socket.io/?EIO=4&transport=";
  const std::string bob = "Authorization: Bearer " + token_ + "\r\n";
  switch (chance_.below(9)) {
    case 0:
      return handshake("/ws", bob) + frames();
    case 1:
      return handshake("/ws?access_token=" + (chance_.once_in(2) ? token_ : bad_token(chance_, token_)), "") + frames();
    case 2:
      return handshake(path + "websocket", "") + good_frame('\x81', "40{\"token\":\"" + token_ + "\"}") + frames();
    case 3:
      return handshake(path + "websocket", "") + frames();
    case 4:
      return handshake(path + "websocket&sid=" + session(), "") +
             (chance_.once_in(2) ? good_frame('\x81', "2probe") + good_frame('\x81', "5") : "") + frames();
    case 5:
      return request("GET " + path + "polling", "", "");
    case 6:
      return request("GET " + path + "polling&sid=" + session(), "", "");
    default:
      return request("POST " + path + "polling&sid=" + session(),
                     chance_.once_in(20) ? "Content-Type: application/octet-stream\r\n"
                                         : "Content-Type: text/plain;charset=UTF-8\r\n",
                     payload());
  }
}

item sockets::next() {
  item made{.bytes = {}, .silence = std::chrono::milliseconds(chance_.once_in(4) ? chance_.below(20) : 0)};
  if (chance_.once_in(12)) {
    made.bytes = bad_request(
        chance_, std::string(chance_.among({"/ws", "/socket.io/", "/socket.io/?EIO=4&transport=polling", "/"})),
        std::string(upgrade));
  } else {
    made.bytes = conversation();
    if (chance_.once_in(6))
      made.bytes = chance_.changed(made.bytes,
                                   chance_.once_in(2) ? http_words() : std::span<const std::string_view>(frame_words));
  }
  made.reset = chance_.once_in(25);
  return made;
}

void sockets::learn(std::string_view answered) {
  constexpr std::string_view before = R"(0{"sid":")";
  const auto at = answered.find(before);
  if (at == answered.npos) return;
  answered.remove_prefix(at + before.size());
  if (sessions_.size() == 32) sessions_.erase(sessions_.begin());
  sessions_.emplace_back(answered.substr(0, answered.find('"')));
}

}  // namespace hostile

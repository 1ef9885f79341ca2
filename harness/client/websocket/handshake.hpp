// The client's half of the opening handshake (RFC 6455, section 4) without I/O: the request to write, and the judgement
// of the answer. Pure, any thread.
#pragma once

#include "harness/client/http/exchange.hpp"
#include "harness/client/target/url.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace client::websocket {

struct handshake_options {
  std::vector<http::header> headers = {};  // added after our own
  std::vector<std::string> subprotocols = {};
};

// 16 random bytes in base64.
std::string make_key();

// The request for `where` (its path and query as they are), all headers of the standard included.
std::string encode_handshake(const url& where, std::string_view key, const handshake_options& options);

// base64(SHA-1(key + the standard's GUID)).
std::string accept_for(std::string_view key);

enum class handshake_verdict : std::uint8_t {
  incomplete,  // the answer's head is not there yet
  accepted,
  refused,  // a well-formed answer with another status than 101
  broken,   // not HTTP, over 16 KiB, or a 101 that breaks the standard
};

struct handshake_answer {
  handshake_verdict verdict = handshake_verdict::incomplete;
  int status = 0;
  std::vector<http::header> headers;
  std::string subprotocol;  // accepted only
  std::size_t head_size =
      0;               // bytes up to and including the empty line; what follows belongs to the frames or the body
  std::string detail;  // of broken: a clause for people

  std::string_view find(std::string_view name) const noexcept;  // empty when absent
};

// Judges all bytes that came so far.
handshake_answer judge_handshake(std::string_view bytes, std::string_view key, const handshake_options& options);

}  // namespace client::websocket

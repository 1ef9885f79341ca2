// Hostile requests to the api: good ones that were changed, and some made by hand to be bad. Owned by a test.
#pragma once

#include "reference-server/test/hostile/item.hpp"
#include "reference-server/test/hostile/seeded.hpp"

#include <string>
#include <string_view>

namespace hostile {

// A request as it may be: `fields` end with CRLF each, Content-Length not among them.
std::string request(std::string_view line, std::string_view fields, std::string_view body);
// Bytes that are no request, or a request at the edge of what may be; of HTTP alone, for any server. `target` is a
// path.
std::string bad_request(seeded& chance, const std::string& target, const std::string& fields);
// JSON that is hard to read, mostly around a member "body".
std::string bad_json(seeded& chance);
// A token that was changed, or one that nobody signed.
std::string bad_token(seeded& chance, const std::string& good);
// Words that mean something to a parser of HTTP, JSON or URLs.
std::span<const std::string_view> http_words();

class requests {
 public:
  // `token` is a member's of both chats. One is read; bad bodies go to the other, lest the answers grow with the storm.
  requests(std::uint64_t seed, std::string token, std::string chat, std::string other_chat)
      : chance_(seed), token_(std::move(token)), chat_(std::move(chat)), other_chat_(std::move(other_chat)) {}
  item next();

 private:
  std::string good();
  std::string target();

  seeded chance_;
  std::string token_, chat_, other_chat_;
};

}  // namespace hostile

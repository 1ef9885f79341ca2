// Cuts what Redis sends into replies: hiredis' redisReader with object functions that fill one reply again and again
// instead of allocating a tree per answer. No I/O. Owned by one protocol, on its thread.
#pragma once

#include "reference-server/redis/reply.hpp"

#include <memory>
#include <string_view>

struct redisReader;
struct redisReadTask;

namespace redis {

class reader {
 public:
  reader();
  ~reader();
  reader(const reader&) = delete;
  reader& operator=(const reader&) = delete;

  // Appends bytes. Pieces of at most 16 KiB are best: hiredis moves the rest of its buffer after every KiB it consumed.
  void feed(std::string_view bytes);
  // The next complete reply, valid until the next call; nullptr when more bytes are needed or broken() is true.
  const reply* next();
  // What came was not the Redis protocol; nothing more can be read. error() says what.
  bool broken() const;
  std::string_view error() const;

 private:
  struct functions;
  reply reply_;
  std::unique_ptr<redisReader, void (*)(redisReader*)> reader_;
};

}  // namespace redis

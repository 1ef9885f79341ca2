#include "reference-server/redis/reader.hpp"

#include <hiredis/hiredis.h>

#include <new>

namespace redis {

struct reader::functions {
  static reply& target(const redisReadTask* task) { return *static_cast<reply*>(task->privdata); }

  static void* store(const redisReadTask* task, reply::scalar value) {
    reply& r = target(task);
    if (task->parent == nullptr) {
      r.top_ = value;
    } else if (task->parent->parent == nullptr) {
      r.elements_.push_back(value);
    }
    return &r;  // hiredis wants any pointer that is not null
  }
  static void* text(const redisReadTask* task, char* bytes, size_t length) {
    reply& r = target(task);
    reply::scalar value;
    value.type = task->type == REDIS_REPLY_ERROR    ? reply_type::error
                 : task->type == REDIS_REPLY_STATUS ? reply_type::status
                                                    : reply_type::text;
    value.begin = r.bytes_.size();
    value.length = length;
    r.bytes_.append(bytes, length);
    return store(task, value);
  }
  static void* array(const redisReadTask* task, int) {
    reply::scalar value;
    value.type = reply_type::array;
    return store(task, value);
  }
  static void* integer(const redisReadTask* task, long long number) {
    reply::scalar value;
    value.type = reply_type::integer;
    value.integer = number;
    return store(task, value);
  }
  static void* nil(const redisReadTask* task) { return store(task, {}); }
  static void release(void*) {}  // the reply is the reader's member
  static inline redisReplyObjectFunctions table{text, array, integer, nil, release};
};

reader::reader() : reader_(redisReaderCreateWithFunctions(&functions::table), redisReaderFree) {
  if (!reader_) throw std::bad_alloc();
  reader_->privdata = &reply_;
  reader_->maxbuf = 256 * 1024;
}

reader::~reader() = default;

void reader::feed(std::string_view bytes) {
  redisReaderFeed(reader_.get(), bytes.data(), bytes.size());
}

const reply* reader::next() {
  if (broken()) return nullptr;
  if (reader_->ridx == -1) {  // nothing half read: what the last reply held may go
    reply_.elements_.clear();
    reply_.bytes_.clear();
    reply_.top_ = {};
  }
  void* done = nullptr;
  if (redisReaderGetReply(reader_.get(), &done) != REDIS_OK) return nullptr;
  return static_cast<const reply*>(done);
}

bool reader::broken() const {
  return reader_->err != 0;
}
std::string_view reader::error() const {
  return reader_->errstr;
}

}  // namespace redis

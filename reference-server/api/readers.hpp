// A small pool of PostgreSQL connections for everything but messages going in: listings, single resources, and the
// creation of chats. Owned by the application, on its thread.
// It promises: each job is answered once; jobs of one loop turn share a round trip; a job that only reads and was
// aborted by another's error is sent again; when no connection is up a job fails at once.
#pragma once

#include "reference-server/api/postgres_link.hpp"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace api {

// A question to the database and what to do with the answer.
class read_job {
 public:
  virtual ~read_job() = default;
  // One result for each statement.
  virtual void done(std::span<const result> answers) = 0;
  // `sent` tells whether the database may have carried it out.
  virtual void failed(bool sent) = 0;
};

class readers {
 public:
  readers(boost::asio::io_context& io, std::size_t connections, const std::string& conninfo,
          const std::string& application_name, std::function<void(std::string_view)> on_unusable);
  ~readers();

  void start();
  void stop();
  bool up() const;                                // at least one connection
  std::size_t waiting() const;                    // jobs without an answer
  std::size_t losses() const { return losses_; }  // connections lost so far

  // Reads: may share a transaction with other jobs, and are answered before it has ended.
  void read(std::vector<statement> statements, std::unique_ptr<read_job> job);
  // Writes: a transaction of its own, never sent twice.
  void write(std::vector<statement> statements, std::unique_ptr<read_job> job);

 private:
  class reader;

  reader* least_busy();

  std::vector<std::unique_ptr<reader>> pool_;
  std::function<void(std::string_view)> on_unusable_;
  std::size_t losses_ = 0;
};

}  // namespace api

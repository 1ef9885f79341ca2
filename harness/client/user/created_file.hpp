// created.jsonl, open for adding. Several processes of one run add to the same file: each line is one write at the
// file's end, which the kernel does not mix with another's, so that a killed process loses its last line at most. While
// a run may still add, its file is locked, shared; whoever removes what is in it locks it alone. Owned by a worker or a
// command, on its thread.
#pragma once

#include "harness/client/user/created_thing.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <unordered_set>
#include <vector>

namespace client {

class created_file {
 public:
  // For a worker; nothing when `path` is empty. A file that cannot be opened takes nothing, and good() says so.
  static std::shared_ptr<created_file> to_add(const std::string& path);
  // For whoever removes things; nothing when the file is not there, or a run still adds to it after `limit`.
  static std::shared_ptr<created_file> to_remove(const std::string& path, std::chrono::milliseconds limit);

  ~created_file();
  created_file(const created_file&) = delete;
  created_file& operator=(const created_file&) = delete;

  // Every line is written.
  bool good() const noexcept { return good_; }
  // Once each.
  void add(const created_thing& thing);
  void remove(const created_thing& thing);
  // What is in the file and was not removed.
  std::vector<created_thing> left() const;

 private:
  explicit created_file(int fd) : fd_(fd), good_(fd >= 0) {}
  void write(const std::string& line);

  int fd_;
  bool good_;
  std::unordered_set<std::string> added_;
};

}  // namespace client

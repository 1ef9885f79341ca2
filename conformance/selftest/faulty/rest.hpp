// The REST actions: a request in, one answer out (at once, or after the commit for a post). Knows no sockets and no
// HTTP framing. Owned by main, one thread.
#pragma once

#include "conformance/selftest/faulty/commit_queue.hpp"
#include "conformance/selftest/faulty/request.hpp"
#include "conformance/selftest/faulty/store.hpp"
#include "conformance/selftest/faulty/token.hpp"

#include <chrono>
#include <string>
#include <unordered_map>
#include <vector>

namespace faulty {

class Rest {
 public:
  struct Settings {
    bool dev_login = false;
    std::vector<std::string> origins;  // browsers' origins that may call
  };

  Rest(Settings settings, TokenCheck& tokens, Store& store, CommitQueue& commits, Faults& faults)
      : settings_(std::move(settings)), tokens_(tokens), store_(store), commits_(commits), faults_(faults) {}

  // Calls `reply` exactly once.
  void handle(const Request& request, Reply reply);

 private:
  struct Route;
  static Route match(std::string_view path);

  void dispatch(const Request& request, const Reply& reply);
  Answer login(const Request& request);
  Answer create_chat(const Request& request, const std::string& user);
  Answer list_chats(const Request& request, const std::string& user);
  Answer one_chat(const Route& route, const std::string& user);
  Answer history(const Request& request, const Route& route, const std::string& user);
  Answer one_message(const Route& route, const std::string& user);
  void send(const Request& request, const Route& route, std::string user, const Reply& reply);
  // What a server does that looks at a message too late; false when it looked in time.
  bool acts_before_it_looks(const boost::json::object& object, const Route& route, const std::string& user,
                            const Answer& refusal, const Reply& reply);
  Answer from_cache(const std::string& user, const Request& request, Answer fresh);

  Settings settings_;
  TokenCheck& tokens_;
  Store& store_;
  CommitQueue& commits_;
  Faults& faults_;
  struct Cached {
    Answer answer;
    std::chrono::steady_clock::time_point since;
  };
  std::unordered_map<std::string, Cached> lists_;  // filled by chat_list_cached
};

}  // namespace faulty

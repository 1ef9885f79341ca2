// The actions on chats: create, list, one. Owned by the application, on its thread.
#pragma once

#include "reference-server/api/call.hpp"
#include "reference-server/api/readers.hpp"

namespace api {

class chats {
 public:
  explicit chats(readers& database) : database_(database) {}

  void create(call asked);
  void list(call asked);
  void one(call asked);

 private:
  readers& database_;
};

}  // namespace api

// The actions on messages: send, history, one. Owned by the application, on its thread.
// A send waits in `open_` under its ticket until the writer tells how it ended.
#pragma once

#include "reference-server/api/call.hpp"
#include "reference-server/api/known_chats.hpp"
#include "reference-server/api/readers.hpp"
#include "reference-server/api/writer.hpp"

#include <optional>
#include <vector>

namespace api {

class messages final : public post_owner {
 public:
  explicit messages(readers& database) : database_(database) {}
  // The writer tells its outcomes to this object, so it comes second.
  void use(writer& into) { writer_ = &into; }

  void send(call asked);
  void history(call asked);
  void one(call asked);

 private:
  void on_post(std::uint64_t ticket, post_outcome outcome) override;

  known_chats& known();  // of the database that is there now

  readers& database_;
  known_chats known_;
  std::size_t losses_ = 0;  // of the database's connections, as far as known_ was cleared for them
  writer* writer_ = nullptr;
  std::vector<std::optional<call>> open_;  // by ticket
  std::vector<std::uint64_t> free_;        // tickets not in use
};

}  // namespace api

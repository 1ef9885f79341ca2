// Which statuses count as an answer of a class: those that the target file declares in `errors`, else the usual ones.
// For the cases of a worker, on its thread; the target is the stage's.
#pragma once

#include <string>
#include <vector>

namespace conformance {

struct expected_status {
  std::string words;          ///< "401 or 403"
  std::vector<int> accepted;  ///< empty: any 2xx
  int literal = 0;            ///< the contract's own; asked for, as a SHOULD, of targets that claim contract.statuses
};
expected_status created();  // 2xx, literally 201
expected_status success();  // 2xx, literally 200
// Or what the target file declares in `errors`:
expected_status no_session();    // 401 or 403, literally 401
expected_status not_a_member();  // 403 or 404, literally 404
expected_status bad_input();     // 4xx that is about the input: not 401, 403, 404, 429
expected_status no_such_chat();  // 404, literally; 400, 403, 410 or 422 will do
expected_status no_such_id();    // the same or bad_input: an id of another form than chats have

}  // namespace conformance

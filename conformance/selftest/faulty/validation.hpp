// What a request may hold: JSON bodies, message texts, paging parameters. Pure functions; a failure is the Answer that
// says what was wrong.
#pragma once

#include "conformance/selftest/faulty/request.hpp"
#include "conformance/selftest/faulty/store.hpp"

#include <boost/json/object.hpp>
#include <boost/system/result.hpp>

#include <string>
#include <string_view>
#include <variant>

namespace faulty {

// The value, or the answer that refuses the request.
template <class T>
using Checked = std::variant<T, Answer>;

// The request's JSON object: application/json, valid UTF-8, at most 32 levels deep.
Checked<boost::json::object> json_object(const Request& request);

// A message text: 1 to 4096 code points, not only White_Space, no U+0000.
Checked<std::string> message_body(const boost::json::object& object);

// The other member of a new chat: a user id, not the caller's own.
Checked<std::string> participant(const boost::json::object& object, std::string_view caller);

// A user id in the member `field`.
Checked<std::string> user_id(const boost::json::object& object, std::string_view field);

// The Idempotency-Key: 1 to 255 visible ASCII characters; empty when there is none.
Checked<std::string> idempotency_key(const Request& request);

// limit, after and (for history) before. Lists without `before` stand at `after=0` by default.
Checked<Window> window(const Request& request, bool backwards_too);

}  // namespace faulty

// From a described request to the one that is sent, and from its answer to variables. Pure.
#pragma once

#include "harness/client/http/exchange.hpp"
#include "harness/client/target/http_step.hpp"
#include "harness/client/user/cookie_jar.hpp"

#include <string>

namespace client {

// Content-Type comes with the body unless the step names one. Fails with a clause that names the place.
checked<http::request> build_request(const http_step& step, const scope& from);

// "name=value" pairs of a query or a form, joined by '&'. What is null is left out.
checked<std::string> fill_fields(const std::vector<http_step::field>& fields, const scope& from);

// Looks up what the step captures; `jar` holds the answer's cookies already.
checked<void> take_captures(const captures& wanted, const http::exchange& answer, const cookie_jar& jar,
                            variables& into);

// The body of an answer as JSON, in which long integers are text.
checked<boost::json::value> read_json(std::string_view body);

}  // namespace client

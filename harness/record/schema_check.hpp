// Holds a JSON document to one of our published schemas. Pure.
//
// Knows the words that our schemas use (type, properties, required, additionalProperties, items, minItems, maxItems,
// enum, const, minimum, maximum, $ref to "#/$defs/…") and no others; a schema that uses another one is reported as a
// problem, so that nothing is silently unchecked.
#pragma once

#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace record {

// The first violation as one line, "requirements[3].verdict: …"; none: the document is valid.
std::optional<std::string> violation(const boost::json::value& document, const boost::json::value& schema);

// The published schema of results (schema/result.json).
std::string_view result_schema_text();

}  // namespace record

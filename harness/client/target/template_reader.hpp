// Templates out of a target file: ${env.NAME} is filled in, the other variables become places.
#pragma once

#include "harness/client/target/json_pointer.hpp"
#include "harness/client/target/reader.hpp"
#include "harness/client/target/text_template.hpp"

#include <string_view>

namespace client {

// A scalar; `around` is what stands around the whole of it.
text_template read_template(reader& read, const tree& node, std::string_view where, encoding around = encoding::plain);

// A path with a query perhaps: what comes after its '?' is encoded as a query.
text_template read_path_template(reader& read, const tree& node, std::string_view text, std::string_view where);

// Any YAML, as a template of its JSON. Numbers, true, false and null are such when they stand without quotes; a value
// that is exactly one variable keeps that variable's type; names of members are templates too.
text_template read_json_template(reader& read, const tree& node, std::string_view where);

json_pointer read_pointer(reader& read, const tree& node, std::string_view where);

}  // namespace client

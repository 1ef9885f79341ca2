// The part of result.json that a load run adds, as JSON and back; what is read was found valid by the schema. Pure.
#pragma once

#include "harness/record/load_result.hpp"

#include <boost/json/value.hpp>

namespace record {

boost::json::object write(const load_result& value);
load_result read_load(const boost::json::value& in);

}  // namespace record

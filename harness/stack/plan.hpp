// What a supervisor is asked to run: the first line on its command pipe. A value; written by class stack, read by
// rollcall-stack. The secret is not in it: it travels in the environment.
#pragma once

#include <boost/json.hpp>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace stack {

struct plan {
  int api = 0;
  int gateway = 0;
  bool stores = true;
  bool balancer = false;
  std::map<std::string, std::vector<std::string>, std::less<>> arguments;  // by kind or by name of the part
  std::vector<std::string> down;                                           // parts that are not started with the others
  std::string postgres_suffix;
  std::string replacement;  // a path or a name; empty: none
  std::vector<std::string> replacement_arguments;
  std::string data;      // absolute; empty: nothing is kept
  std::string logs;      // absolute; empty: in the data directory or the stack's own
  std::string programs;  // where the server's programs are
  int deadline_ms = 30'000;

  // The arguments of this part: those of its kind, then its own.
  std::vector<std::string> arguments_of(std::string_view kind, std::string_view name) const;
};

boost::json::object to_json(const plan& wanted);
// Throws boost::system::system_error or std::exception on anything but what to_json writes: both ends are ours.
plan plan_from(const boost::json::value& text);

}  // namespace stack

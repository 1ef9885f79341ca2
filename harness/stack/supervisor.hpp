// The supervisor: starts the parts of a plan, does what its command pipe says, and on that pipe's end of file, on
// SIGTERM, SIGINT or SIGHUP, or when a part dies by itself, stops all of them (api and gateways first), reaps every
// process, removes the directory and returns. One object in the process `rollcall-stack`, one thread, one poll loop.
//
// What goes over the pipes, a JSON object per line:
//   in   the plan; then {"id":1,"do":"stop|kill|pause|resume|start|list","part":"api1"}
//   out  {"event":"ready","directory":…,"logs":…,"parts":[…]}  or  {"event":"failed","kind":3,"what":…}
//        {"id":1,"parts":[…]}  or  {"id":1,"error":…,"parts":[…]}
//        {"event":"died","what":…}
#pragma once

#include "harness/stack/descriptor.hpp"
#include "harness/stack/roster.hpp"

#include <boost/json.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace stack {

class supervisor {
 public:
  // Takes over both pipes. Before run() this process must have no children.
  supervisor(int commands, int answers) noexcept : commands_(commands), answers_(answers) {}
  // Returns when nothing is left: 0 after an orderly end, 1 when a part failed.
  int run();

 private:
  struct command {
    std::int64_t id = 0;
    std::string verb;
    part* subject = nullptr;
    part::clock::time_point deadline;
  };

  bool read_plan();
  void loop();
  void watch();
  void reap();
  bool kill_strays();
  void obey(const boost::json::object& line);
  void carry_out(command wanted);
  void settle_commands();
  void answer(std::int64_t id, const std::string& error = {});
  void start_parts();
  void notice_problems();
  void stop_parts();
  void end_all(const std::string& why);
  void send(const boost::json::object& line);
  boost::json::array parts_as_json() const;
  void log(const std::string& text) const;

  int commands_, answers_;
  descriptor signals_;
  line_reader input_;
  bool input_open_ = true;
  std::unique_ptr<roster> roster_;
  std::vector<part*> at_start_;  // those that are started with the stack
  std::vector<part*> waiting_;   // of them: for their first start
  std::vector<command> pending_;
  part::clock::time_point start_deadline_;
  bool announced_ = false;
  bool ending_ = false;
  bool failed_ = false;
};

}  // namespace stack

// What comes before a run: a target file that points at the wrong place is one sentence and exit code 2, a target that
// cannot be worked with is 3, and neither leaves a folder; a server that is merely wrong is a finding.
#include "conformance/selftest/run_program.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace {

using conformance::selftest::faulty_backend;
using conformance::selftest::run_program;
using conformance::selftest::scratch_folder;
using testing::AllOf;
using testing::HasSubstr;

const std::string rollcall = std::string(ROLLCALL_BIN) + "/rollcall";

// The shapes of the backend in words of the target file.
const std::string described = R"(patience: 3s
rest:
  create_chat:
    steps: [{ request: POST /api/v1/chats/, json: { participant: "${peer.id}" }, expect: [200, 201], capture: { c: /id } }]
    id: "${c}"
  send: { request: "POST /api/v1/chats/${chat.id}/messages/", json: { body: "${text}" }, expect: 201, id: /id }
  history:
    request: GET /api/v1/chats/${chat.id}/messages/
    query: { after: "${cursor}" }
    items: /results
    id: /id
    text: /body
    order: oldest_first
    pages: { style: after, end: empty_page }
)";

struct mistake {
  const char* name;
  const char* right;  // in the target file
  const char* wrong;
  const char* says;
  int code = 2;
};

std::ostream& operator<<(std::ostream& out, const mistake& value) {
  return out << value.name;
}

std::string with(std::string text, std::string_view right, std::string_view wrong) {
  const auto at = text.find(right);
  if (at == std::string::npos) throw std::invalid_argument(std::string(right) + " is not in " + text);
  return text.replace(at, right.size(), wrong);
}

class first_steps : public testing::TestWithParam<mistake> {
 protected:
  static std::string target(const faulty_backend& backend, const scratch_folder& folder, const std::string& more) {
    std::ifstream file(backend.write_target(folder.path(), more));
    return {std::istreambuf_iterator<char>(file), {}};
  }
};

TEST_P(first_steps, name_the_mistake_in_place_of_a_run) {
  const faulty_backend backend({});
  const scratch_folder folder;
  const auto& [name, right, wrong, says, code] = GetParam();
  const std::string text = with(target(backend, folder, described), right, wrong);
  std::ofstream(folder.path() + "/target.yaml") << text;
  for (const char* command : {"conform", "load"}) {
    const auto said = run_program({"/usr/bin/env", "-C", folder.path(), rollcall, command, "-t", "target.yaml"});
    EXPECT_EQ(said.code, code) << said.out << said.err;
    EXPECT_EQ(said.out, "");
    EXPECT_EQ(std::ranges::count(said.err, '\n'), 1) << said.err;
    EXPECT_THAT(said.err, AllOf(HasSubstr(says), HasSubstr("rollcall doctor -t target.yaml")));
    EXPECT_FALSE(std::filesystem::exists(folder.path() + "/runs"));
  }
}

INSTANTIATE_TEST_SUITE_P(
    cli, first_steps,
    testing::Values(
        mistake{"secret", "a-secret-of-at-least", "b-secret-of-at-least", "rest.create_chat: 401"},
        mistake{"path", "/chats/, json", "/rooms/, json", "target.yaml:8 rest.create_chat: 404"},
        mistake{"body", "participant: ", "member: ", "rest.create_chat: 422"},
        mistake{"method", "GET /api/v1/chats/${chat.id}/mess", "PUT /api/v1/chats/${chat.id}/mess",
                "rest.history: 405"},
        mistake{"pointer", "id: /id }", "id: /message/id }", "rest.send: 201, but"},
        mistake{"text", "text: /body", "text: /text", "its text stands at /results/0/body"},
        mistake{"socket_path", "/ws, kind", "/sock, kind", "target.yaml:4 socket: the handshake was answered 404"},
        mistake{"message", "kind: websocket }",
                "kind: websocket, ready: open, message: { when: { pointer: /type, equals: chat }, id: /id } }",
                "mend socket.message"},
        mistake{"ready", "kind: websocket }", "kind: websocket, ready: { when: { pointer: /type, equals: hi } } }",
                "connected, but no ready came"}),
    [](const auto& each) { return each.param.name; });

TEST(first_steps, leave_to_the_suite_what_it_is_there_to_find) {
  const faulty_backend backend({"--fault", "deliver_nothing"});
  const scratch_folder folder;
  const auto said = run_program({"/usr/bin/env", "-C", folder.path(), rollcall, "conform", "--only", "RT-01", "-t",
                                 backend.write_target(folder.path(), described)});
  EXPECT_EQ(said.code, 1) << said.out << said.err;
}

}  // namespace

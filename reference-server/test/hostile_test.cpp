// Hostile requests and frames, made by a seeded generator, against the real api and gateway: nothing but declared
// answers, no crash, no growth, and good clients are served as before. ROLLCALL_HOSTILE_COUNT (half of it for each
// process) and ROLLCALL_HOSTILE_SEED change the storm; a finding says which item it was.
#include "harness/stack/stack.hpp"
#include "reference-server/test/api_fixture_test.hpp"
#include "reference-server/test/gateway_fixture_test.hpp"
#include "reference-server/test/hostile/answers.hpp"
#include "reference-server/test/hostile/requests.hpp"
#include "reference-server/test/hostile/sockets.hpp"
#include "reference-server/test/hostile/storm.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>

namespace hostile {
namespace {

using namespace std::chrono_literals;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool memory_is_telling = false;  // a sanitizer keeps what was freed
#else
constexpr bool memory_is_telling = true;
#endif

constexpr std::size_t warm = 1'000;
constexpr std::size_t at_a_time = 8;  // few: what they need at most is soon reached
constexpr std::size_t most_growth = 1 << 20;

std::size_t setting(const char* name, std::size_t otherwise) {
  const char* const given = std::getenv(name);
  return given == nullptr ? otherwise : std::stoul(given);
}

// What the process holds of its own: pages of files are left out, whose share grows when another process that maps the
// same program ends.
std::size_t held_bytes(int pid) {
  std::ifstream rollup("/proc/" + std::to_string(pid) + "/smaps_rollup");
  std::string word;
  std::size_t kilobytes = 0;
  while (rollup >> word) {
    if (word == "Pss_Anon:") {
      rollup >> kilobytes;
      break;
    }
  }
  return kilobytes * 1024;
}

std::size_t descriptors(int pid) {
  const std::filesystem::directory_iterator all("/proc/" + std::to_string(pid) + "/fd");
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

std::string shown(std::string_view bytes) {
  std::string text;
  for (const char c : bytes.substr(0, 1500)) {
    char escaped[8];
    std::snprintf(escaped, sizeof escaped, c >= ' ' && c <= '~' && c != '\\' ? "%c" : "\\x%02x",
                  static_cast<unsigned char>(c));
    text += escaped;
  }
  return text;
}

class Hostile : public testing::Test {
 protected:
  Hostile() {
    // What is freed goes back to the system at once, so that what is held is told and not what was needed at most.
    ::setenv("MALLOC_TRIM_THRESHOLD_", "65536", 1);
    ::setenv("MALLOC_MMAP_THRESHOLD_", "65536", 1);
    ::stack::options wanted;
    wanted.secret = secret_;
    wanted.arguments["api"] = {"--dev-login"};
    // Sessions that were opened and left end soon.
    wanted.arguments["gateway"] = {"--ping-interval", "500ms", "--ping-timeout", "500ms", "--connect-timeout", "1s"};
    auto started = ::stack::stack::start(wanted);
    if (!started) throw std::runtime_error(started.error().what);
    stack_ = std::move(*started);
  }

  std::string token(const std::string& user) const {
    return token::signer(secret_).mint(user,
                                       std::chrono::ceil<std::chrono::seconds>(std::chrono::system_clock::now()) + 2h);
  }
  api_test::client as(const std::string& user) const { return {stack_->base_urls().at(0), token(user)}; }
  ::client::part part(const std::string& name) const {
    const auto all = stack_->list();
    return *std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.name == name; });
  }

  // The storm on one part; the statuses, close codes and frames that it answered.
  std::map<std::string, int> storm_on(const std::string& name, const std::function<item()>& make,
                                      const std::function<void(const outcome&)>& look) {
    const auto victim = part(name);
    const std::size_t count = setting("ROLLCALL_HOSTILE_COUNT", 20'000) / 2;
    std::map<std::string, int> seen;
    std::size_t number = 0;
    std::size_t findings = 0;
    storm all(static_cast<std::uint16_t>(std::stoi(victim.address.substr(victim.address.rfind(':') + 1))), at_a_time);
    const auto judged = [&](const outcome& one) {
      ++number;
      look(one);
      const verdict said = judge(one.answered, !one.reset, one.sent.bytes);
      for (const auto& [what, times] : said.seen) seen[what] += times;
      const std::string finding = one.late ? "the connection was not ended" : said.finding;
      if (!finding.empty() && ++findings <= 10) {
        ADD_FAILURE() << name << ", about item " << number << ", seed " << seed_ << ": " << finding
                      << "\nsent: " << shown(one.sent.bytes) << "\nanswered: " << shown(one.answered);
      }
    };
    const std::size_t before = descriptors(victim.pid);
    all.run(std::min(count, warm), make, judged);
    const std::size_t small = held_bytes(victim.pid);
    if (count > warm) all.run(std::min(count, 10 * warm) - warm, make, judged);
    const std::size_t large = held_bytes(victim.pid);
    if (memory_is_telling) {
      EXPECT_LT(large, small + most_growth) << name << " grows";
    }
    if (count > 10 * warm) all.run(count - 10 * warm, make, judged);
    if (memory_is_telling) {
      EXPECT_LT(held_bytes(victim.pid), large + 4 * most_growth) << name << " grows slowly";
    }
    std::cout << name << ": " << number << " items; Pss_Anon " << small / 1024 << " KiB after " << warm << ", "
              << large / 1024 << " KiB after " << 10 * warm << ", " << held_bytes(victim.pid) / 1024
              << " KiB at the end\n";
    for (const auto& [what, times] : seen) std::cout << "  " << what << ": " << times << "\n";
    EXPECT_FALSE(stack_->failed()) << *stack_->failed();
    EXPECT_EQ(part(name).pid, victim.pid);
    EXPECT_TRUE(gateway_test::eventually([&] { return descriptors(victim.pid) <= before; })) << "connections were kept";
    return seen;
  }

  void expect_good_service() {
    auto alice = as("good.alice");
    const std::int64_t chat = alice.post("/api/v1/chats/", R"({"participant":"good.bob"})").id();
    const std::string gateway = part("g1").address;
    gateway_test::client bob(static_cast<std::uint16_t>(std::stoi(gateway.substr(gateway.rfind(':') + 1))), "/ws",
                             gateway_test::upgrade + as("good.bob").credential());
    EXPECT_THAT(bob.next().payload, testing::HasSubstr("ready"));
    EXPECT_EQ(alice.send(chat, "still here").status, 201);
    EXPECT_THAT(bob.next().payload, testing::HasSubstr("still here"));
    EXPECT_EQ(as("good.bob").history(chat, 0).size(), 1U);
  }

  const std::uint64_t seed_ = setting("ROLLCALL_HOSTILE_SEED", 1);
  const std::string secret_ = "a secret of the tests, long enough to sign";
  std::unique_ptr<::stack::stack> stack_;
};

TEST_F(Hostile, RequestsToTheApi) {
  auto alice = as("hostile.alice");
  const auto chat_with = [&](const std::string& user) {
    return std::to_string(alice.post("/api/v1/chats/", "{\"participant\":\"" + user + "\"}").id());
  };
  requests generator(seed_, token("hostile.alice"), chat_with("hostile.bob"), chat_with("hostile.carol"));
  const auto seen = storm_on(
      "api1", [&] { return generator.next(); }, [](const outcome&) {});
  // The storm gets past the first gate and to each later one.
  for (const char* status :
       {"100", "200", "201", "204", "400", "401", "404", "405", "413", "414", "415", "422", "431", "501"}) {
    EXPECT_TRUE(seen.contains(status)) << status << " was never answered: the generator has grown tame";
  }
  expect_good_service();
}

TEST_F(Hostile, FramesToTheGateway) {
  sockets generator(seed_, token("hostile.bob"));
  const auto next = [&] { return generator.next(); };
  const auto seen = storm_on("g1", next, [&](const outcome& one) { generator.learn(one.answered); });
  for (const char* what : {"101", "200", "400", "401", "404", "413", "426", "431", "501", "frame", "close 0",
                           "close 1002", "close 1007", "close 1009"}) {
    EXPECT_TRUE(seen.contains(what)) << what << " was never answered: the generator has grown tame";
  }
  expect_good_service();
}

}  // namespace
}  // namespace hostile

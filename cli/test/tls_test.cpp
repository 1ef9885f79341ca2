// The commands on a backend that is only there behind TLS, for REST and for the socket: HAProxy with a certificate that
// the test made.
#include "conformance/selftest/run_program.hpp"
#include "harness/client/test/tls_server.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

namespace {

using conformance::selftest::faulty_backend;
using conformance::selftest::program_result;
using conformance::selftest::run_program;
using conformance::selftest::running_program;
using conformance::selftest::scratch_folder;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::uint16_t free_port() {
  using tcp = boost::asio::ip::tcp;
  boost::asio::io_context io;
  return tcp::acceptor(io, {boost::asio::ip::address_v4::loopback(), 0}).local_endpoint().port();
}

class behind_tls : public testing::Test {
 protected:
  void SetUp() override {
    const std::string pem = folder_.path() + "/both.pem";
    std::ofstream(pem) << bytes_of(own_.file()) << bytes_of(own_.key());
    const std::string configuration = folder_.path() + "/haproxy.cfg";
    // Somebody else may take the port before HAProxy does.
    for (int tries = 0; tries < 5; ++tries) {
      port_ = free_port();
      std::ofstream(configuration) << fmt::format(
          "defaults\n  mode tcp\n  timeout connect 5s\n  timeout client 60s\n  timeout server 60s\n"
          "frontend tls\n  bind 127.0.0.1:{} ssl crt {}\n  default_backend chat\n"
          "backend chat\n  server one {}\n",
          port_, pem, backend_.address());
      proxy_.emplace(std::vector<std::string>{"/usr/sbin/haproxy", "-W", "-f", configuration});
      if (proxy_->wait_for("Loading success", std::chrono::seconds(20))) break;
    }
    std::ofstream(folder_.path() + "/t.yaml") << fmt::format(
        "schema: 1\nname: behind-tls\nbase_url: https://127.0.0.1:{0}\n"
        "socket: {{ url: \"wss://127.0.0.1:{0}/ws\", kind: websocket }}\n"
        "login: {{ jwt: {{ secret: {1}, ttl: 1h }} }}\n",
        port_, faulty_backend::secret);
  }

  program_result run(std::vector<std::string> words, bool trusting = true) const {
    words.insert(words.begin(), std::string(ROLLCALL_BIN) + "/rollcall");
    words.insert(words.end(), {"-t", folder_.path() + "/t.yaml"});
    if (trusting) words.insert(words.end(), {"--cacert", own_.file()});
    return run_program(words, {}, std::chrono::seconds(120));
  }

  scratch_folder folder_;
  faulty_backend backend_{{}};
  const client::test::certificate own_{"DNS:chat.test,IP:127.0.0.1"};
  std::optional<running_program> proxy_;
  std::uint16_t port_ = 0;
};

TEST_F(behind_tls, doctor_conform_and_load_trust_who_they_are_told_to) {
  const auto doctor = run({"doctor"});
  EXPECT_EQ(doctor.code, 0) << doctor.out << doctor.err;

  const auto conform = run({"conform", "--only", "MSG-*,RT-*,OFF-*", "--out", folder_.path() + "/c"});
  EXPECT_EQ(conform.code, 0) << conform.out << conform.err;
  EXPECT_THAT(conform.out, AllOf(HasSubstr("PASS  conform"), Not(HasSubstr("not run"))));

  // How late the generator is on a busy machine does not matter here.
  const auto load = run({"load", "-u", "40", "--rate", "60/s", "-d", "4s", "--online", "1", "--max-late", "90%",
                         "--max-lag", "10s", "--out", folder_.path() + "/l"});
  EXPECT_EQ(load.code, 0) << load.out << load.err;
  EXPECT_THAT(load.out, HasSubstr("all exactly once"));
}

TEST_F(behind_tls, a_certificate_that_nobody_vouches_for_is_the_servers_fault_and_named) {
  for (const char* command : {"doctor", "conform", "load"}) {
    const auto said = run({command}, false);
    EXPECT_EQ(said.code, 3) << command << said.out << said.err;
    EXPECT_THAT(said.out + said.err, HasSubstr("the certificate is not trusted")) << command;
  }
}

}  // namespace

#include "reference-server/test/private_cluster_test.hpp"

#include <hiredis/hiredis.h>
#include <signal.h>

#include <algorithm>
#include <fstream>
#include <random>
#include <sstream>
#include <stdexcept>

namespace gateway_test {
namespace {

constexpr std::size_t slots = 16384;
constexpr int tries = 20;

// Six different ports below the ones that connecting sockets are given.
std::vector<std::uint16_t> choose_ports() {
  int lowest_ephemeral = 32768;
  std::ifstream("/proc/sys/net/ipv4/ip_local_port_range") >> lowest_ephemeral;
  std::random_device seed;
  std::uniform_int_distribution<int> any(std::min(10'000, lowest_ephemeral - 1000), lowest_ephemeral - 1);
  std::vector<std::uint16_t> ports;
  while (ports.size() < 2 * private_cluster::size) {
    const auto port = static_cast<std::uint16_t>(any(seed));
    if (std::find(ports.begin(), ports.end(), port) == ports.end()) ports.push_back(port);
  }
  return ports;
}

}  // namespace

private_cluster::private_cluster(const temporary_directory& directory) : directory_(directory), servers_(size) {
  for (int i = 0; i < tries; ++i) {
    ports_ = choose_ports();
    if (start_all()) {
      form();
      return;
    }
  }
  throw std::runtime_error("no cluster: every choice of ports met one that is taken");
}

std::string private_cluster::address() const {
  std::string text = "cluster:";
  for (std::size_t i = 0; i < size; ++i) text += (i == 0 ? "" : ",") + ("127.0.0.1:" + std::to_string(ports_[i]));
  return text;
}

void private_cluster::restart(std::size_t master) {
  start(master);
  wait_until_whole();
}

void private_cluster::start(std::size_t master) {
  const std::string port = std::to_string(ports_[master]);
  servers_[master] = std::make_unique<process>(std::vector<std::string>{"redis-server",
                                                                        "--port",
                                                                        port,
                                                                        "--bind",
                                                                        "127.0.0.1",
                                                                        "--cluster-enabled",
                                                                        "yes",
                                                                        "--cluster-port",
                                                                        std::to_string(ports_[size + master]),
                                                                        "--cluster-config-file",
                                                                        directory_.path("nodes-" + port),
                                                                        "--cluster-node-timeout",
                                                                        "2000",
                                                                        "--cluster-require-full-coverage",
                                                                        "no",
                                                                        "--save",
                                                                        "",
                                                                        "--appendonly",
                                                                        "no",
                                                                        "--dir",
                                                                        directory_.path(""),
                                                                        "--daemonize",
                                                                        "no"},
                                               directory_.path("redis-" + port + ".log"));
  if (!eventually([&] { return answers(master) || servers_[master]->ended(); })) {
    throw std::runtime_error("a master of the cluster does not answer");
  }
}

// False: one ended at once, for its port was taken.
bool private_cluster::start_all() {
  for (std::size_t i = 0; i < size; ++i) {
    start(i);
    // Whoever answers there may be somebody else.
    if (servers_[i]->ended() ||
        ask(i, {"CONFIG", "GET", "cluster-config-file"}) != directory_.path("nodes-" + std::to_string(ports_[i]))) {
      return false;
    }
  }
  return true;
}

bool private_cluster::answers(std::size_t master) const {
  return ask(master, {"PING"}) == "PONG";
}

void private_cluster::form() {
  for (std::size_t i = 0; i < size; ++i) {
    ask(i, {"CLUSTER", "SET-CONFIG-EPOCH", std::to_string(i + 1)});
    ask(i, {"CLUSTER", "ADDSLOTSRANGE", std::to_string(i * slots / size), std::to_string((i + 1) * slots / size - 1)});
    ask(0, {"CLUSTER", "MEET", "127.0.0.1", std::to_string(ports_[i]), std::to_string(ports_[size + i])});
  }
  wait_until_whole();
}

void private_cluster::wait_until_whole() const {
  const auto whole = [this] {
    for (std::size_t i = 0; i < size; ++i) {
      const std::string info = ask(i, {"CLUSTER", "INFO"});
      for (const char* line : {"cluster_state:ok", "cluster_slots_ok:16384", "cluster_known_nodes:3"}) {
        if (info.find(line) == std::string::npos) return false;
      }
      if (ask(i, {"CLUSTER", "NODES"}).find("fail") != std::string::npos) return false;
    }
    return true;
  };
  if (!eventually(whole)) throw std::runtime_error("the cluster does not come together");
}

std::size_t private_cluster::slot_of(const std::string& channel) const {
  return std::stoul(ask(0, {"CLUSTER", "KEYSLOT", channel}));
}

// By what each master says of itself: "… myself,master … connected 0-5460 5462".
std::size_t private_cluster::owner_of(std::size_t slot) const {
  for (std::size_t i = 0; i < size; ++i) {
    std::string own = ask(i, {"CLUSTER", "NODES"});
    own.erase(0, own.find("myself"));
    std::istringstream ranges(own.substr(0, own.find('\n')).erase(0, own.find("connected") + 9));
    for (std::string range; ranges >> range;) {
      if (range.front() == '[') continue;
      const auto dash = range.find('-');
      const auto first = std::stoul(range), last = dash == range.npos ? first : std::stoul(range.substr(dash + 1));
      if (slot >= first && slot <= last) return i;
    }
  }
  throw std::runtime_error("nobody owns the slot");
}

void private_cluster::move(std::size_t slot, std::size_t to) {
  const std::size_t from = owner_of(slot);
  const std::string number = std::to_string(slot);
  const std::string source = ask(from, {"CLUSTER", "MYID"}), target = ask(to, {"CLUSTER", "MYID"});
  ask(to, {"CLUSTER", "SETSLOT", number, "IMPORTING", source});
  ask(from, {"CLUSTER", "SETSLOT", number, "MIGRATING", target});
  ask(to, {"CLUSTER", "SETSLOT", number, "NODE", target});
  ask(from, {"CLUSTER", "SETSLOT", number, "NODE", target});
  if (!eventually([&] { return owner_of(slot) == to; })) throw std::runtime_error("the slot did not move");
}

void private_cluster::kill(std::size_t master) {
  servers_[master]->signal(SIGKILL);
  servers_[master]->wait();
}

std::string private_cluster::ask(std::size_t master, const std::vector<std::string>& words) const {
  const std::unique_ptr<redisContext, void (*)(redisContext*)> link(redisConnect("127.0.0.1", ports_[master]),
                                                                    redisFree);
  if (!link || link->err != 0) return "-no connection";
  redisSetTimeout(link.get(), {10, 0});
  std::vector<const char*> texts;
  std::vector<std::size_t> lengths;
  for (const auto& word : words) {
    texts.push_back(word.data());
    lengths.push_back(word.size());
  }
  const std::unique_ptr<redisReply, void (*)(void*)> reply(
      static_cast<redisReply*>(
          redisCommandArgv(link.get(), static_cast<int>(words.size()), texts.data(), lengths.data())),
      freeReplyObject);
  if (!reply) return "-" + std::string(link->errstr);
  if (reply->type == REDIS_REPLY_INTEGER) return std::to_string(reply->integer);
  if (reply->type == REDIS_REPLY_ARRAY) return reply->elements > 1 ? reply->element[1]->str : "";
  return (reply->type == REDIS_REPLY_ERROR ? "-" : "") + std::string(reply->str == nullptr ? "" : reply->str);
}

}  // namespace gateway_test

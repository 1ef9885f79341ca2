// What the tests of the gateway's process stand on: a private Redis on a unix socket in a temporary directory, the
// process itself, a wire between the two that can be held or cut, and a raw WebSocket client that shows every byte.
// Each test has its own of everything and leaves nothing behind. Every wait ends: what does not come in ten seconds
// throws std::runtime_error, which fails the test.
#pragma once

#include "reference-server/token/token.hpp"

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

struct redisContext;

namespace gateway_test {

// Polls until it holds; false after ten seconds.
bool eventually(const std::function<bool()>& condition);

class temporary_directory {
 public:
  temporary_directory();
  ~temporary_directory();
  std::string path(std::string_view name) const { return (root_ / name).string(); }

 private:
  std::filesystem::path root_;
};

// A program of ours or of the system; killed when it goes out of scope.
class process {
 public:
  // `ready`: a descriptor of this process that the child gets as number 3; -1 for none. Its stderr goes to `log`.
  process(const std::vector<std::string>& command, const std::string& log, int ready = -1);
  ~process();
  process(const process&) = delete;
  process& operator=(const process&) = delete;
  void signal(int number) const;
  bool ended();  // by itself or by a signal
  int wait();    // its exit code, or 128 + the signal that ended it

 private:
  pid_t pid_ = -1;
};

class private_redis {
 public:
  explicit private_redis(const temporary_directory& directory);
  ~private_redis();
  void start();
  void kill();
  void pause();
  void go_on();
  const std::string& socket() const { return socket_; }
  // One command; a text or a number as text, "-…" for an error.
  std::string operator()(const std::vector<std::string>& words);
  // Calls of a command since the start, like "subscribe".
  std::uint64_t calls(const std::string& command);

 private:
  std::string socket_, directory_, log_;
  std::optional<process> server_;
  redisContext* link_ = nullptr;
};

// Stands between gateway and Redis as a unix socket of its own.
class wire {
 public:
  wire(const temporary_directory& directory, const private_redis& redis);
  ~wire();
  const std::string& socket() const { return socket_; }
  void hold_answers(bool hold) { hold_answers_ = hold; }    // what Redis says stays in the wire
  void hold_commands(bool hold) { hold_commands_ = hold; }  // what the gateway says stays in the wire
  void cut();                                               // ends the connections that exist

 private:
  struct pair;
  void run();

  std::string socket_, redis_;
  int listener_ = -1;
  std::atomic<bool> hold_answers_{false}, hold_commands_{false}, cut_{false}, ending_{false};
  std::thread thread_;
};

struct frame {
  int opcode = 0;
  std::string payload;
  std::uint16_t close_code() const;
};

class client {
 public:
  // Opens a connection and sends a GET with these header lines (each ended by CRLF); reads the head of the answer.
  client(std::uint16_t port, const std::string& target, const std::string& headers, int receive_buffer = 0);
  ~client();
  client(const client&) = delete;
  client& operator=(const client&) = delete;
  int status() const { return status_; }
  const std::string& head() const { return head_; }

  frame next();               // the next frame; throws on the end of the connection or after ten seconds
  bool nothing_but_end();     // reads to the end: true when no further byte came; a reset counts as the end
  std::string text_to_end();  // what is left as it is, to the end
  std::vector<frame> rest();  // all whole frames to the end of the connection
  void send(std::string_view bytes);
  void send_frame(int first, std::string_view payload);  // masked
  void close(std::uint16_t code = 1000);                 // sends Close, reads to the answer and the end
  bool has_more();                                       // whether a byte has arrived that next() did not take

 private:
  bool fill(std::chrono::milliseconds patience);
  std::optional<frame> cut_frame();
  int socket_ = -1;
  int status_ = 0;
  std::string head_, buffer_;
  bool ended_ = false;
};

// What a process of ours says of itself through its descriptor for that, which is closed; ports are 0 when not said.
struct ready_ports {
  std::uint16_t listen = 0, admin = 0;
};
ready_ports await_ready(int descriptor);

inline constexpr auto secret = "a secret of the gateway's own tests";
inline const std::string upgrade =
    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

// The gateway's process, ready to serve; its Redis is on this socket, or at this "cluster:…" address.
class running_gateway {
 public:
  running_gateway(const temporary_directory& directory, const std::string& redis_socket,
                  const std::vector<std::string>& flags = {});
  process& itself() { return *process_; }
  std::uint16_t port() const { return port_; }
  std::string token(const std::string& user, std::chrono::system_clock::duration valid = std::chrono::hours(1)) const;
  // A socket of this user after its 101; `ready` not yet read.
  std::unique_ptr<client> connect(const std::string& user, int receive_buffer = 0) const;
  // A socket whose `ready` was read and is right.
  std::unique_ptr<client> ready(const std::string& user, int receive_buffer = 0) const;
  // A figure of /metrics, by its name without the prefix.
  std::uint64_t metric(const std::string& name) const;

 private:
  token::signer tokens_{secret};
  std::optional<process> process_;
  std::uint16_t port_ = 0, admin_port_ = 0;
};

std::string message_frame(std::string_view message);  // the text of a message frame

}  // namespace gateway_test

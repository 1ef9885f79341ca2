// A plain HTTP and WebSocket client over a blocking socket, for the tests: sends the bytes it is given, shows the bytes
// that come. Every read fails the test after 10 s. Throws std::runtime_error. One thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace faulty::test {

class Connection {
 public:
  explicit Connection(std::uint16_t port);
  ~Connection();
  Connection(Connection&& other) noexcept;
  Connection& operator=(Connection&&) = delete;

  void send(std::string_view bytes);
  // The next `size` bytes, or all up to and including `end`. Throws at the end of the stream.
  std::string read(std::size_t size);
  std::string read_to(std::string_view end);
  // True when the peer has closed or reset and nothing more can be read; waits for it.
  bool ends();
  void finish_sending();
  // Our own address, "127.0.0.1:40001".
  const std::string& address() const { return address_; }

 private:
  bool fill();

  int socket_;
  std::string address_;
  std::string buffer_;
};

struct Response {
  int status = 0;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
};

// Reads one answer; `head` when it has no body whatever its length says.
Response read_response(Connection& connection, bool head = false);

struct Frame {
  int opcode = 0;  // 1 text, 8 close, 9 ping, 10 pong
  std::string payload;

  int close_code() const;
};

class WebSocketClient {
 public:
  // Sends the upgrade and reads the answer, whatever it is. `token` may be empty, `query` begins with '?'.
  WebSocketClient(std::uint16_t port, const std::string& token, const std::string& query = "",
                  const std::string& headers = "");

  const Response& answer() const { return answer_; }
  const std::string& address() const { return connection_.address(); }
  Connection& connection() { return connection_; }

  Frame next();
  // The payload of the next text frame.
  std::string text();
  void send(int opcode, std::string_view payload);
  // Everything that the server had for us when it read our ping: the text frames up to its pong.
  std::vector<std::string> texts_so_far();

 private:
  Connection connection_;
  Response answer_;
};

}  // namespace faulty::test

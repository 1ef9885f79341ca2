// For tests only: requests of HTTP/1.1 as bytes, each on a connection of its own. Blocking.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include <string>

namespace conformance::contract_test {

// Writes these bytes and reads to the end of the connection.
inline std::string talk(const std::string& address, const std::string& bytes) {
  boost::asio::io_context io;
  boost::asio::ip::tcp::socket socket(io);
  const auto colon = address.rfind(':');
  socket.connect({boost::asio::ip::make_address(address.substr(0, colon)),
                  static_cast<std::uint16_t>(std::stoi(address.substr(colon + 1)))});
  boost::asio::write(socket, boost::asio::buffer(bytes));
  std::string said;
  char part[4096];
  boost::system::error_code ended;
  while (!ended) {
    said.append(part, socket.read_some(boost::asio::buffer(part), ended));
  }
  return said;
}

inline std::string request(const std::string& line, const std::string& fields = {}, const std::string& body = {}) {
  return line + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n" + fields +
         (body.empty() ? ""
                       : "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n") +
         "\r\n" + body;
}

// What stands behind the head of an answer.
inline std::string body_of(const std::string& answer) {
  return answer.substr(answer.find("\r\n\r\n") + 4);
}

}  // namespace conformance::contract_test

#include "reference-server/ops/ready.hpp"

#include "reference-server/ops/endpoint.hpp"

#include <unistd.h>

#include <string>

namespace ops {

void report_ready(int fd, const boost::asio::ip::tcp::endpoint& listen,
                  const std::optional<boost::asio::ip::tcp::endpoint>& admin) {
  if (fd < 0) {
    return;
  }
  std::string line = "{\"listen\":\"" + to_string(listen) + "\"";
  if (admin) {
    line += ",\"admin\":\"" + to_string(*admin) + "\"";
  }
  line += "}\n";
  [[maybe_unused]] const auto written = ::write(fd, line.data(), line.size());
  ::close(fd);
}

}  // namespace ops

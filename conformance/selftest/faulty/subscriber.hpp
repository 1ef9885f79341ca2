// What the router knows of a socket. Implemented by the socket session, which attaches itself to the router and
// detaches before it goes. One thread.
#pragma once

#include <memory>
#include <string>

namespace faulty {

// One text frame, encoded once and shared by all sockets that get it.
using Frame = std::shared_ptr<const std::string>;

class Subscriber {
 public:
  virtual void deliver(const Frame& frame) = 0;
  // The client's address, "127.0.0.1:40001".
  virtual const std::string& peer() const = 0;

 protected:
  ~Subscriber() = default;
};

}  // namespace faulty

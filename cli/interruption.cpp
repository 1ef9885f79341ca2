#include "cli/interruption.hpp"

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace cli {

interruption::interruption() {
  sigset_t both;
  sigemptyset(&both);
  sigaddset(&both, SIGINT);
  sigaddset(&both, SIGTERM);
  ::pthread_sigmask(SIG_BLOCK, &both, &before_);
  fd_ = ::signalfd(-1, &both, SFD_CLOEXEC | SFD_NONBLOCK);
  if (fd_ < 0) throw std::system_error(errno, std::generic_category(), "signalfd");
}

bool interruption::pending() const {
  pollfd signals{fd_, POLLIN, 0};
  return ::poll(&signals, 1, 0) > 0;
}

record::exit_code interruption::take() const {
  signalfd_siginfo caught{};
  const bool got = ::read(fd_, &caught, sizeof caught) == sizeof caught;
  return got && caught.ssi_signo == SIGTERM ? record::exit_code::terminated : record::exit_code::interrupted;
}

interruption::~interruption() {
  ::close(fd_);
  ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

}  // namespace cli

// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/service/control_socket.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

#include "lib/conversation.h"

namespace ipxlat {

ControlSocket::ControlSocket(const std::filesystem::path& directory) : path_(directory / "control") {
  sockaddr_un address{};
  int error = control_address(directory, &address);
  unlink(path_.c_str());  // that of a daemon that was killed
  socket_ = open_control(SOCK_NONBLOCK);
  const bool heard = !error && socket_ >= 0 &&
                     bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
                     chmod(path_.c_str(), 0600) == 0 && listen(socket_, SOMAXCONN) == 0;
  if (heard) return;
  if (!error) error = errno;
  if (socket_ >= 0) close(socket_);
  throw std::runtime_error("cannot listen at " + path_.string() + ": " + std::strerror(error));
}

ControlSocket::~ControlSocket() {
  unlink(path_.c_str());
  close(socket_);
}

void ControlSocket::serve(const std::function<Result<void>(const std::string& request)>& answer) {
  const Conversation asking(accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC));
  if (asking.fd() < 0) return;
  // whoever says nothing is not waited for
  const timeval patience{1, 0};
  setsockopt(asking.fd(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  const std::string request = asking.receive();
  if (request.empty()) return;
  const auto done = answer(request);
  asking.send(done ? kDone : kFailed + done.error().text);
}

}  // namespace ipxlat

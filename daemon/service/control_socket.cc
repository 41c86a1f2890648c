// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/service/control_socket.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string>
#include <vector>

namespace ipxlat {
namespace {

// A request is the first word, an answer the second one or the third with the sentences behind it.
constexpr const char* kReload = "reload";
constexpr const char* kDone = "done";
constexpr const char* kFailed = "failed ";
constexpr size_t kLongest = 65536;

class Socket {
 public:
  explicit Socket(int fd) : fd_(fd) {}
  ~Socket() {
    if (fd_ >= 0) close(fd_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  int get() const { return fd_; }

  bool send(const std::string& text) const {
    return ::send(fd_, text.data(), std::min(text.size(), kLongest), MSG_NOSIGNAL | MSG_DONTWAIT) >= 0;
  }
  // Empty at the end of the conversation.
  std::string receive() const {
    std::vector<char> buffer(kLongest);
    ssize_t length;
    do length = recv(fd_, buffer.data(), buffer.size(), 0);
    while (length < 0 && errno == EINTR);
    return {buffer.data(), length < 0 ? 0 : static_cast<size_t>(length)};
  }

 private:
  int fd_;
};

std::filesystem::path path_in(const std::filesystem::path& directory) { return directory / "control"; }

// ENAMETOOLONG if it does not fit.
int name_of(const std::filesystem::path& path, sockaddr_un* name) {
  name->sun_family = AF_UNIX;
  if (path.string().size() >= sizeof name->sun_path) return ENAMETOOLONG;
  std::strcpy(name->sun_path, path.c_str());
  return 0;
}

int open_socket(int flags) { return socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | flags, 0); }

}  // namespace

ControlSocket::ControlSocket(const std::filesystem::path& directory) : path_(path_in(directory)) {
  sockaddr_un name{};
  int error = name_of(path_, &name);
  unlink(path_.c_str());  // that of a daemon that was killed
  socket_ = open_socket(SOCK_NONBLOCK);
  const bool heard = !error && socket_ >= 0 &&
                     bind(socket_, reinterpret_cast<const sockaddr*>(&name), sizeof name) == 0 &&
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

void ControlSocket::serve(const std::function<Result<void>()>& reload) {
  const Socket asking(accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC));
  if (asking.get() < 0) return;
  // whoever says nothing is not waited for
  const timeval patience{1, 0};
  setsockopt(asking.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (asking.receive() != kReload) return;
  const auto done = reload();
  asking.send(done ? kDone : kFailed + done.error().text);
}

Result<void> ask_to_reload(const std::filesystem::path& directory) {
  const auto path = path_in(directory);
  sockaddr_un name{};
  int error = name_of(path, &name);
  const Socket daemon(open_socket(0));
  if (!error && connect(daemon.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name) < 0)
    error = errno;
  if (error == ENOENT || error == ECONNREFUSED)
    return NetlinkError{error, "no ipxlatd runs with " + directory.string()};
  if (error) return NetlinkError{error, path.string() + ": " + std::strerror(error)};
  // it may end at any moment from here on
  const std::string answer = daemon.send(kReload) ? daemon.receive() : "";
  if (answer == kDone) return {};
  if (answer.starts_with(kFailed)) return NetlinkError{EINVAL, answer.substr(std::strlen(kFailed))};
  return NetlinkError{EPIPE, "ipxlatd ended before it answered"};
}

}  // namespace ipxlat

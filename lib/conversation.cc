// SPDX-License-Identifier: GPL-2.0-only
#include "lib/conversation.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

namespace ipxlat {
namespace {

constexpr size_t kLongest = 65536;

}  // namespace

Conversation::~Conversation() {
  if (fd_ >= 0) close(fd_);
}

bool Conversation::send(const std::string& text) const {
  return ::send(fd_, text.data(), std::min(text.size(), kLongest), MSG_NOSIGNAL | MSG_DONTWAIT) >= 0;
}

std::string Conversation::receive() const {
  std::vector<char> buffer(kLongest);
  ssize_t length;
  do length = recv(fd_, buffer.data(), buffer.size(), 0);
  while (length < 0 && errno == EINTR);
  return {buffer.data(), length < 0 ? 0 : static_cast<size_t>(length)};
}

int control_address(const std::filesystem::path& directory, sockaddr_un* address) {
  const std::string path = directory / "control";
  address->sun_family = AF_UNIX;
  if (path.size() >= sizeof address->sun_path) return ENAMETOOLONG;
  std::strcpy(address->sun_path, path.c_str());
  return 0;
}

int open_control(int flags) { return socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | flags, 0); }

Result<void> ask_daemon(const std::filesystem::path& directory, const std::string& request) {
  sockaddr_un address{};
  int error = control_address(directory, &address);
  const Conversation daemon(open_control(0));
  if (!error && connect(daemon.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address) < 0)
    error = errno;
  if (error == ENOENT || error == ECONNREFUSED)
    return NetlinkError{error, "no ipxlatd runs with " + directory.string()};
  if (error) return NetlinkError{error, (directory / "control").string() + ": " + std::strerror(error)};
  // it may end at any moment from here on
  const std::string answer = daemon.send(request) ? daemon.receive() : "";
  if (answer == kDone) return {};
  if (answer.starts_with(kFailed)) return NetlinkError{EINVAL, answer.substr(std::strlen(kFailed))};
  return NetlinkError{EPIPE, "ipxlatd ended before it answered"};
}

}  // namespace ipxlat

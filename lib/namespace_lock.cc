// SPDX-License-Identifier: GPL-2.0-only
#include "lib/namespace_lock.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <utility>

namespace ipxlat {
namespace {

// Abstract: behind a byte of zero, without one at the end; ss -xp shows it as "@ipxlatd".
class Name {
 public:
  explicit Name(const std::string& name) {
    address_.sun_family = AF_UNIX;
    size_t size = name.copy(address_.sun_path + 1, sizeof address_.sun_path - 1);
    length_ = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + size);
  }
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&address_); }
  socklen_t length() const { return length_; }

 private:
  sockaddr_un address_{};
  socklen_t length_;
};

// A datagram socket has no queue of connections that would fill.
int open_socket() { return socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0); }

NetlinkError system_error(int code) {
  return {code, std::string("the lock of the network namespace: ") + std::strerror(code)};
}

}  // namespace

NamespaceLock::NamespaceLock(NamespaceLock&& other) noexcept : socket_(std::exchange(other.socket_, -1)) {}

NamespaceLock::~NamespaceLock() {
  if (socket_ >= 0) close(socket_);
}

Result<NamespaceLock> NamespaceLock::take(const std::string& name) {
  NamespaceLock lock(open_socket());
  if (lock.socket_ < 0) return system_error(errno);
  Name address(name);
  if (bind(lock.socket_, address.get(), address.length()) == 0) return lock;
  if (errno != EADDRINUSE) return system_error(errno);
  return NetlinkError{EADDRINUSE,
                      "another " + name + " runs in this network namespace (ss -xp src @" + name + ")"};
}

Result<bool> NamespaceLock::taken(const std::string& name) {
  NamespaceLock probe(open_socket());
  if (probe.socket_ < 0) return system_error(errno);
  Name address(name);
  if (connect(probe.socket_, address.get(), address.length()) == 0) return true;
  if (errno == ECONNREFUSED) return false;
  return system_error(errno);
}

}  // namespace ipxlat

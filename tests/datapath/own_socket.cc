// SPDX-License-Identifier: GPL-2.0-only
#include "tests/datapath/own_socket.h"

#include <sys/socket.h>

#include <cstring>

namespace ipxlat::test {

Ends::Ends(const Packet& packet, uint16_t port)
    : is4(packet.family == Family::kIpv4), known(packet.bytes.size() >= (is4 ? 20u : 40u)) {
  to4.sin_family = AF_INET;
  to6.sin6_family = AF_INET6;
  to4.sin_port = to6.sin6_port = htons(port);
  if (!known) return;
  const uint8_t* bytes = packet.bytes.data();
  if (is4) {
    std::memcpy(&source4, bytes + 12, sizeof source4);
    std::memcpy(&to4.sin_addr, bytes + 16, sizeof to4.sin_addr);
  } else {
    std::memcpy(&source6, bytes + 8, sizeof source6);
    std::memcpy(&to6.sin6_addr, bytes + 24, sizeof to6.sin6_addr);
  }
}

FileDescriptor open_socket(int family, int type, int protocol) {
  return {socket(family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol), "socket"};
}

FileDescriptor open_transparent(int family, int type) {
  FileDescriptor fd = open_socket(family, type);
  int on = 1;
  bool is4 = family == AF_INET;
  require(setsockopt(fd.get(), is4 ? IPPROTO_IP : IPPROTO_IPV6, is4 ? IP_TRANSPARENT : IPV6_TRANSPARENT, &on,
                     sizeof on),
          "transparent socket");
  return fd;
}

bool bind_to(const FileDescriptor& socket, const std::string& interface) {
  return setsockopt(socket.get(), SOL_SOCKET, SO_BINDTODEVICE, interface.c_str(),
                    static_cast<socklen_t>(interface.size())) == 0;
}

}  // namespace ipxlat::test

// SPDX-License-Identifier: GPL-2.0-only
#include "tests/datapath/output_socket.h"

#include <sys/socket.h>

#include <cstring>

namespace ipxlat::test {

Ends::Ends(const Packet& packet, uint16_t port)
    : is4_(packet.family == Family::kIpv4), known_(packet.bytes.size() >= (is4_ ? 20u : 40u)) {
  to4_.sin_family = AF_INET;
  to6_.sin6_family = AF_INET6;
  to4_.sin_port = to6_.sin6_port = htons(port);
  if (!known_) return;
  const uint8_t* bytes = packet.bytes.data();
  if (is4_) {
    std::memcpy(&source4_, bytes + 12, sizeof source4_);
    std::memcpy(&to4_.sin_addr, bytes + 16, sizeof to4_.sin_addr);
  } else {
    std::memcpy(&source6_, bytes + 8, sizeof source6_);
    std::memcpy(&to6_.sin6_addr, bytes + 24, sizeof to6_.sin6_addr);
  }
}

bool bind_to(const FileDescriptor& socket, const std::string& interface) {
  return setsockopt(socket.get(), SOL_SOCKET, SO_BINDTODEVICE, interface.c_str(),
                    static_cast<socklen_t>(interface.size())) == 0;
}

void make_transparent(const FileDescriptor& socket, int family) {
  int on = 1;
  bool is4 = family == AF_INET;
  require(setsockopt(socket.get(), is4 ? IPPROTO_IP : IPPROTO_IPV6, is4 ? IP_TRANSPARENT : IPV6_TRANSPARENT,
                     &on, sizeof on),
          "transparent socket");
}

}  // namespace ipxlat::test

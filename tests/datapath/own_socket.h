// SPDX-License-Identifier: GPL-2.0-only
// Sockets of this host's own packets, as ports need them.
#ifndef IPXLAT_TESTS_DATAPATH_OWN_SOCKET_H
#define IPXLAT_TESTS_DATAPATH_OWN_SOCKET_H

#include <netinet/in.h>

#include <string>

#include "tests/datapath/file_descriptor.h"
#include "tests/packet/packet.h"

namespace ipxlat::test {

// The ends of a packet as socket addresses; unspecified if it is too short to have any.
struct Ends {
  // `port` in host byte order.
  explicit Ends(const Packet& packet, uint16_t port = 0);

  sockaddr* destination() {
    return is4 ? reinterpret_cast<sockaddr*>(&to4) : reinterpret_cast<sockaddr*>(&to6);
  }
  socklen_t destination_size() const { return is4 ? sizeof to4 : sizeof to6; }

  bool is4;
  bool known;
  in_addr source4{};
  in6_addr source6{};
  sockaddr_in to4{};
  sockaddr_in6 to6{};
};

// Not blocking. std::system_error, here and below.
FileDescriptor open_socket(int family, int type, int protocol = 0);

// One that may use addresses that are not this host's.
FileDescriptor open_transparent(int family, int type);

// The socket sends out of the interface that has this name now. False if there is none.
bool bind_to(const FileDescriptor& socket, const std::string& interface);

}  // namespace ipxlat::test

#endif

// SPDX-License-Identifier: GPL-2.0-only
// What sockets that send this host's own packets share.
#ifndef IPXLAT_TESTS_DATAPATH_OUTPUT_SOCKET_H
#define IPXLAT_TESTS_DATAPATH_OUTPUT_SOCKET_H

#include <netinet/in.h>

#include <string>

#include "tests/datapath/file_descriptor.h"
#include "tests/packet/packet.h"

namespace ipxlat::test {

// The ends of a packet as socket addresses.
class Ends {
 public:
  // `port` in host byte order.
  explicit Ends(const Packet& packet, uint16_t port = 0);

  // False if the packet is too short to have ends; then they are unspecified.
  bool known() const { return known_; }
  bool is4() const { return is4_; }
  const in_addr& source4() const { return source4_; }
  const in6_addr& source6() const { return source6_; }

  // Valid as long as this is.
  sockaddr* destination() {
    return is4_ ? reinterpret_cast<sockaddr*>(&to4_) : reinterpret_cast<sockaddr*>(&to6_);
  }
  socklen_t destination_size() const { return is4_ ? sizeof to4_ : sizeof to6_; }

 private:
  bool is4_;
  bool known_;
  in_addr source4_{};
  in6_addr source6_{};
  sockaddr_in to4_{};
  sockaddr_in6 to6_{};
};

// The socket sends out of the interface that has this name now. False if there is none.
bool bind_to(const FileDescriptor& socket, const std::string& interface);

// Lets the socket use addresses that are not this host's. `family`: AF_INET or AF_INET6. std::system_error.
void make_transparent(const FileDescriptor& socket, int family);

}  // namespace ipxlat::test

#endif

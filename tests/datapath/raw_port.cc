// SPDX-License-Identifier: GPL-2.0-only
#include "tests/datapath/raw_port.h"

#include <sys/socket.h>

#include "tests/datapath/output_socket.h"

namespace ipxlat::test {
namespace {

// its packets carry their own network header
FileDescriptor open_socket(int family) {
  return {socket(family, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_RAW), "raw socket"};
}

}  // namespace

RawPort::RawPort(std::string device)
    : device_(std::move(device)), ipv4_(open_socket(AF_INET)), ipv6_(open_socket(AF_INET6)) {}

bool RawPort::inject(const Packet& packet, Random&) {
  Ends ends(packet);
  const FileDescriptor& socket = ends.is4() ? ipv4_ : ipv6_;
  return ends.known() && bind_to(socket, device_) &&
         sendto(socket.get(), packet.bytes.data(), packet.bytes.size(), 0, ends.destination(),
                ends.destination_size()) >= 0;
}

}  // namespace ipxlat::test

// SPDX-License-Identifier: GPL-2.0-only
// UDP sockets: datagrams as programs send them, of every size, in trains to be segmented, in several parts,
// with options and extension headers.
#ifndef IPXLAT_TESTS_DATAPATH_UDP_PORT_H
#define IPXLAT_TESTS_DATAPATH_UDP_PORT_H

#include "tests/datapath/file_descriptor.h"
#include "tests/datapath/source.h"

namespace ipxlat::test {

class UdpPort final : public Source {
 public:
  // Sends out of the interface `device` of this namespace, which need not be there all the time.
  // std::system_error.
  explicit UdpPort(std::string device);

  std::string name() const override { return "udp-socket"; }

  // A datagram between the ends of `packet`.
  bool inject(const Packet& packet, Random& random) override;

 private:
  std::string device_;
  FileDescriptor ipv4_;
  FileDescriptor ipv6_;
};

}  // namespace ipxlat::test

#endif

// SPDX-License-Identifier: GPL-2.0-only
// Raw sockets: whole packets as this host's own output, with the socket at the packet.
#ifndef IPXLAT_TESTS_DATAPATH_RAW_PORT_H
#define IPXLAT_TESTS_DATAPATH_RAW_PORT_H

#include "tests/datapath/file_descriptor.h"
#include "tests/datapath/source.h"

namespace ipxlat::test {

class RawPort final : public Source {
 public:
  // Sends out of the interface `device` of this namespace, which need not be there all the time.
  // std::system_error.
  explicit RawPort(std::string device);

  std::string name() const override { return "raw-socket"; }
  bool inject(const Packet& packet, Random& random) override;

 private:
  std::string device_;
  FileDescriptor ipv4_;
  FileDescriptor ipv6_;
};

}  // namespace ipxlat::test

#endif

// SPDX-License-Identifier: GPL-2.0-only
// A packet socket that sends out of interfaces by their name: into a device as something this host made,
// or onto a cable that leads to a router.
#ifndef IPXLAT_TESTS_DATAPATH_PACKET_PORT_H
#define IPXLAT_TESTS_DATAPATH_PACKET_PORT_H

#include <vector>

#include "tests/datapath/interfaces.h"
#include "tests/datapath/source.h"

namespace ipxlat::test {

class PacketPort final : public Source {
 public:
  // Sends out of one of `outgoing`, which need not be there all the time. `peer`: the Ethernet address
  // behind the cable, empty for interfaces without link layer. std::system_error.
  PacketPort(std::string name, std::vector<std::string> outgoing, Bytes peer);

  std::string name() const override { return name_; }
  bool inject(const Packet& packet, Random& random) override;

 private:
  std::string name_;
  std::vector<std::string> outgoing_;
  Bytes peer_;
  Interfaces all_;
  FileDescriptor plain_;
  FileDescriptor offloading_;  // takes a OffloadHeader
};

}  // namespace ipxlat::test

#endif

// SPDX-License-Identifier: GPL-2.0-only
// A tap interface: what is written to it has been received by the kernel, in memory laid out as asked.
#ifndef IPXLAT_TESTS_DATAPATH_TAP_H
#define IPXLAT_TESTS_DATAPATH_TAP_H

#include <string>

#include "tests/datapath/link.h"
#include "tests/packet/packet.h"

namespace ipxlat::test {

// How the kernel holds a packet behind its Ethernet header.
enum class Memory {
  kLinear,    // in one piece with it
  kPaged,     // in pages
  kShredded,  // in pages, and its headers in small pieces
};

constexpr size_t kTapMtuMax = 65521;
constexpr size_t kTapPacketMax = 65521;

class Tap {
 public:
  // An interface made by "ip tuntap add NAME mode tap". std::system_error, here and below.
  explicit Tap(const std::string& name);

  Link& link() { return link_; }

  // At most kTapPacketMax bytes. When it returns, the packet has been through the interface's ingress.
  void send(const Packet& packet, Memory memory);

 private:
  Link link_;
  FileDescriptor fd_;
};

}  // namespace ipxlat::test

#endif

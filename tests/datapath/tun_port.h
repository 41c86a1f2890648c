// SPDX-License-Identifier: GPL-2.0-only
// A TUN or TAP interface: what is written to it has been received by the kernel, with the offloads and the
// memory layout that the writer says.
#ifndef IPXLAT_TESTS_DATAPATH_TUN_PORT_H
#define IPXLAT_TESTS_DATAPATH_TUN_PORT_H

#include <sys/uio.h>

#include <vector>

#include "tests/datapath/link.h"
#include "tests/datapath/source.h"

namespace ipxlat::test {

class TunPort final : public Source {
 public:
  enum class Kind {
    kTun,        // no link layer
    kTap,        // Ethernet
    kPiecewise,  // Ethernet; each piece of a write becomes a fragment of the skb, and GRO sees it
  };

  // Makes the interface in this namespace; it is there as long as the port. std::system_error.
  TunPort(Kind kind, const std::string& name);

  std::string name() const override { return link_.name(); }
  bool inject(const Packet& packet, Random& random) override;

 private:
  Bytes link_header(Family family, Random& random) const;

  Kind kind_;
  FileDescriptor fd_;
  Link link_;
};

// `bytes` as pieces of memory, none empty or longer than a page: as long as possible, or of random length.
std::vector<iovec> pieces_of(Bytes& bytes, Random& random);

}  // namespace ipxlat::test

#endif

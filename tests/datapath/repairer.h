// SPDX-License-Identifier: GPL-2.0-only
// Gives an arena back what was taken away from it.
#ifndef IPXLAT_TESTS_DATAPATH_REPAIRER_H
#define IPXLAT_TESTS_DATAPATH_REPAIRER_H

#include "tests/datapath/batch.h"
#include "tests/datapath/interfaces.h"
#include "tests/datapath/namespace.h"

namespace ipxlat::test {

class Repairer {
 public:
  // The namespaces of an arena, whose links have been made once. std::system_error, here and below.
  Repairer(const Namespace& gate, const Namespace& far);

  // Makes everything be as it should be; what is so already stays.
  void repair();

  // For commands of others in the two namespaces.
  Batch& gate_ip() { return gate_ip_; }
  Batch& far_ip() { return far_ip_; }

 private:
  const Namespace& gate_;
  Interfaces interfaces_;
  Batch gate_ip_;
  Batch far_ip_;
  int device_ = 0;  // number of the device that tc and nftables know
};

}  // namespace ipxlat::test

#endif

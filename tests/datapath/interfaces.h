// SPDX-License-Identifier: GPL-2.0-only
// Interfaces of a namespace that come and go, by their names.
#ifndef IPXLAT_TESTS_DATAPATH_INTERFACES_H
#define IPXLAT_TESTS_DATAPATH_INTERFACES_H

#include <net/if.h>

#include <string>

#include "tests/datapath/file_descriptor.h"

namespace ipxlat::test {

class Interfaces {
 public:
  // Those of this thread's namespace, whatever it does afterwards. std::system_error.
  Interfaces();

  // 0: there is none.
  int index(const std::string& name) const;

  // False if the kernel refuses, here and below. `mtu` in bytes.
  bool set_mtu(const std::string& name, int mtu) const;
  bool set_up(const std::string& name, bool up) const;

  // `command` is one of those of ethtool that switch an offload: ETHTOOL_STSO and the like.
  bool set_offload(const std::string& name, unsigned command, bool on) const;

 private:
  FileDescriptor socket_;
};

}  // namespace ipxlat::test

#endif

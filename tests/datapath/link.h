// SPDX-License-Identifier: GPL-2.0-only
// An interface of this network namespace, by its name.
#ifndef IPXLAT_TESTS_DATAPATH_LINK_H
#define IPXLAT_TESTS_DATAPATH_LINK_H

#include <net/if.h>

#include <string>

#include "tests/datapath/file_descriptor.h"
#include "tests/packet/bytes.h"

namespace ipxlat::test {

class Link {
 public:
  // std::system_error: there is none, here and below.
  explicit Link(std::string name);

  const std::string& name() const { return name_; }
  int index() const;
  Bytes address() const;
  void set_mtu(uint32_t mtu);
  void disable_gro();

 private:
  ifreq request() const;

  std::string name_;
  FileDescriptor socket_;
  uint32_t mtu_ = 0;  // as it was set, zero before
};

}  // namespace ipxlat::test

#endif

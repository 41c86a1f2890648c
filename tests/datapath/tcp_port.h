// SPDX-License-Identifier: GPL-2.0-only
// TCP connections through a device, with both of their ends.
#ifndef IPXLAT_TESTS_DATAPATH_TCP_PORT_H
#define IPXLAT_TESTS_DATAPATH_TCP_PORT_H

#include <netinet/in.h>

#include <deque>

#include "tests/datapath/namespace.h"
#include "tests/datapath/source.h"

namespace ipxlat::test {

class TcpPort final : public Source {
 public:
  // Clients in `near` connect out of the interface `device` and from this host's addresses `near4` and
  // `near6`; servers in `far` have every address. std::system_error.
  TcpPort(const Namespace& near, const Namespace& far, std::string device, in_addr near4, in6_addr near6);

  std::string name() const override { return "tcp-socket"; }

  // Goes on with connections, and makes new ones to the destination of `packet`.
  bool inject(const Packet& packet, Random& random) override;

 private:
  bool connect_to(const Packet& packet);
  void serve(Random& random);

  const Namespace& near_;
  std::string device_;
  in_addr near4_;
  in6_addr near6_;
  FileDescriptor listener4_;
  FileDescriptor listener6_;
  std::deque<FileDescriptor> clients_;
  std::deque<FileDescriptor> servers_;
};

}  // namespace ipxlat::test

#endif

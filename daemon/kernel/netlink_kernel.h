// SPDX-License-Identifier: GPL-2.0-only
// The kernel, through route netlink, generic netlink, nftables and /proc/sys.
#ifndef IPXLAT_DAEMON_KERNEL_NETLINK_KERNEL_H
#define IPXLAT_DAEMON_KERNEL_NETLINK_KERNEL_H

#include "daemon/kernel/kernel.h"

namespace ipxlat {

// Has no state of its own: sockets are opened for each use, in the caller's network namespace.
class NetlinkKernel final : public Kernel {
 public:
  Result<Seen> read(const std::vector<std::string>& sysctls) override;
  Result<void> apply(const Step& step) override;
};

}  // namespace ipxlat

#endif

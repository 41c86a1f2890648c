// SPDX-License-Identifier: GPL-2.0-only
// Notices that something in the network namespace has changed. What it was is read afresh elsewhere.
#ifndef IPXLAT_DAEMON_KERNEL_WATCH_H
#define IPXLAT_DAEMON_KERNEL_WATCH_H

#include <memory>
#include <optional>
#include <vector>

#include "lib/netlink.h"
#include "lib/result.h"

struct mnl_socket;

namespace ipxlat {

// Links, addresses, routes, forwarding, nftables.
class Watch {
 public:
  static Result<Watch> open();

  // Each is readable after a change, until drain(). Owned by the watch.
  std::vector<int> fds() const;

  // True if there was anything.
  bool drain();

 private:
  struct Close {
    void operator()(mnl_socket* socket) const;
  };
  using Socket = std::unique_ptr<mnl_socket, Close>;

  Watch() = default;
  static Result<Socket> subscribe(int bus, const std::vector<int>& groups);

  std::vector<Socket> sockets_;
};

}  // namespace ipxlat

#endif

// SPDX-License-Identifier: GPL-2.0-only
// The routes that matter. A host may have a million others: all are read once, and again after one that
// matters has changed, or may have.
#ifndef IPXLAT_DAEMON_KERNEL_ROUTE_MEMORY_H
#define IPXLAT_DAEMON_KERNEL_ROUTE_MEMORY_H

#include <memory>
#include <optional>
#include <vector>

#include "daemon/kernel/rtnl_socket.h"
#include "daemon/plan/interests.h"
#include "daemon/plan/seen.h"
#include "lib/result.h"

struct mnl_socket;

namespace ipxlat {

class RouteMemory {
 public:
  // Ours, those learnt from routers, default routes, and what touches `interests`; all if there are none.
  // `seen` has links and addresses of this moment.
  Result<std::vector<SeenRoute>> read(RtnlSocket& socket, const Seen& seen,
                                      const std::optional<Interests>& interests);

  // The next read() asks the kernel.
  void forget() { known_.reset(); }

  // How often the kernel was asked for all.
  unsigned dumps() const { return dumps_; }

 private:
  struct Close {
    void operator()(mnl_socket* socket) const;
  };
  struct Known {
    std::vector<SeenRoute> routes;
    std::vector<SeenLink> links;
    std::vector<SeenAddress> addresses;
    std::optional<Interests> interests;
  };

  void listen();
  bool heard(const std::optional<Interests>& interests);

  std::unique_ptr<mnl_socket, Close> news_;
  std::optional<Known> known_;
  unsigned dumps_ = 0;
};

}  // namespace ipxlat

#endif

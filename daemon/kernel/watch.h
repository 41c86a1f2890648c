// SPDX-License-Identifier: GPL-2.0-only
// Notices that something in the network namespace has changed. What it was is read afresh elsewhere.
#ifndef IPXLAT_DAEMON_KERNEL_WATCH_H
#define IPXLAT_DAEMON_KERNEL_WATCH_H

#include <memory>
#include <vector>

#include "daemon/kernel/source.h"
#include "lib/result.h"

struct mnl_socket;

namespace ipxlat {

class Watch final : public Source {
 public:
  // Links and what a router advertises for them, addresses, routes, forwarding. Nobody announces the sysctl
  // accept_ra and proxy entries.
  static Result<Watch> network();
  static Result<Watch> nftables();

  int fd() const override;
  bool read(Knowledge& knowledge, Time now) override;

 private:
  struct Close {
    void operator()(mnl_socket* socket) const;
  };
  using Socket = std::unique_ptr<mnl_socket, Close>;

  explicit Watch(Socket socket) : socket_(std::move(socket)) {}
  static Result<Watch> subscribe(int bus, const std::vector<int>& groups);

  Socket socket_;
};

}  // namespace ipxlat

#endif

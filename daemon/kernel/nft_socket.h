// SPDX-License-Identifier: GPL-2.0-only
// A socket to nftables in this network namespace.
#ifndef IPXLAT_DAEMON_KERNEL_NFT_SOCKET_H
#define IPXLAT_DAEMON_KERNEL_NFT_SOCKET_H

#include <cstdint>
#include <functional>
#include <memory>

#include "daemon/nft/batch.h"
#include "lib/result.h"

struct mnl_socket;

namespace ipxlat::nft {

class Socket {
 public:
  static Result<Socket> open();

  // The number of the ruleset's last change.
  Result<uint32_t> generation();

  // Calls `take` with every message of the answer; it returns false for one that it cannot read. `fill`
  // appends to the request. EINTR: disturbed by a change; use a new socket.
  Result<void> dump(uint16_t type, Family family, const std::function<void(nlmsghdr*)>& fill,
                    const std::function<bool(const nlmsghdr*)>& take);

  // All or nothing. The error names what was refused. ERESTART: the ruleset has another generation; 0 is any.
  Result<void> commit(const Batch& batch, uint32_t generation);

 private:
  struct Close {
    void operator()(mnl_socket* socket) const;
  };

  explicit Socket(mnl_socket* socket) : socket_(socket) {}
  Result<void> ask(uint16_t type, Family family, uint16_t flags, const std::function<void(nlmsghdr*)>& fill,
                   const std::function<bool(const nlmsghdr*)>& take);

  std::unique_ptr<mnl_socket, Close> socket_;
  uint32_t sequence_ = 1;
};

}  // namespace ipxlat::nft

#endif

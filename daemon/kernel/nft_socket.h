// SPDX-License-Identifier: GPL-2.0-only
// nftables in this network namespace: transactions, and what tables of ours there are.
#ifndef IPXLAT_DAEMON_KERNEL_NFT_SOCKET_H
#define IPXLAT_DAEMON_KERNEL_NFT_SOCKET_H

#include <memory>
#include <string>
#include <vector>

#include "daemon/nft/batch.h"
#include "daemon/nft/summary.h"
#include "lib/result.h"

struct mnl_socket;

namespace ipxlat::nft {

class Socket {
 public:
  static Result<Socket> open();

  // All or nothing. The error names what was refused.
  Result<void> commit(const Batch& batch);

 private:
  struct Close {
    void operator()(mnl_socket* socket) const;
  };

  explicit Socket(mnl_socket* socket) : socket_(socket) {}
  Result<void> send(const std::vector<uint8_t>& bytes);
  friend Result<TableSummaries> read_tables();
  Result<TableSummaries> read_tables();
  Result<void> dump(uint16_t type, Family family, const std::string& table, TableSummaries* into);

  std::unique_ptr<mnl_socket, Close> socket_;
  uint32_t sequence_ = 1;
};

// Ours, of all families, with their rules. EPERM without CAP_NET_ADMIN.
Result<TableSummaries> read_tables();

}  // namespace ipxlat::nft

#endif

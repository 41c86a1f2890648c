// SPDX-License-Identifier: GPL-2.0-only
// Flows that begin and end, as the connection tracker of this network namespace announces them.
#ifndef IPXLAT_DAEMON_CONNTRACK_EVENTS_H
#define IPXLAT_DAEMON_CONNTRACK_EVENTS_H

#include <linux/filter.h>
#include <linux/netlink.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "lib/result.h"

struct mnl_socket;

namespace ipxlat::conntrack {

class Events {
 public:
  // `begins` is false for a flow that ended.
  using Take = std::function<void(bool begins, const nlmsghdr* message)>;

  // Bytes of what waits to be read; twice as many each time that something was lost.
  static constexpr int kFirstRoom = 4 << 20;
  static constexpr int kMostRoom = 128 << 20;

  // Of those that the filter passes. The kernel announces flows that began before only where
  // net.netfilter.nf_conntrack_events is 1.
  static Result<Events> open(const std::vector<sock_filter>& filter, int room = kFirstRoom);

  int fd() const;
  Result<void> set_filter(const std::vector<sock_filter>& filter);

  // Takes what has arrived, perhaps not all of it, and never waits. Returns how many events were lost since
  // the last call: the kernel counts them.
  uint64_t read(const Take& take);

 private:
  struct Close {
    void operator()(mnl_socket* socket) const;
  };

  explicit Events(mnl_socket* socket) : socket_(socket) {}
  void make_room(int bytes);
  uint64_t count_lost();

  std::unique_ptr<mnl_socket, Close> socket_;
  std::vector<uint8_t> buffers_;
  int room_ = 0;
  uint32_t drops_ = 0;  // as the kernel has counted them
};

}  // namespace ipxlat::conntrack

#endif

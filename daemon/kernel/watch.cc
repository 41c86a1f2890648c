// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/kernel/watch.h"

#include <libmnl/libmnl.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>

namespace ipxlat {
namespace {

// whoever changes without pause shall not keep the daemon from its work
constexpr int kMostAtOnce = 1000;

}  // namespace

void Watch::Close::operator()(mnl_socket* socket) const { mnl_socket_close(socket); }

Result<Watch> Watch::subscribe(int bus, const std::vector<int>& groups) {
  Socket socket(mnl_socket_open2(bus, SOCK_CLOEXEC | SOCK_NONBLOCK));
  bool ok = socket && mnl_socket_bind(socket.get(), 0, MNL_SOCKET_AUTOPID) == 0;
  for (int group : groups)
    ok = ok && mnl_socket_setsockopt(socket.get(), NETLINK_ADD_MEMBERSHIP, &group, sizeof group) == 0;
  if (ok) return Watch(std::move(socket));
  const int code = errno;
  return NetlinkError{code, std::string("changes of the network cannot be watched: ") +
                                (code == EPERM ? "CAP_NET_ADMIN is missing" : std::strerror(code))};
}

Result<Watch> Watch::network() {
  return subscribe(NETLINK_ROUTE,
                   {RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR, RTNLGRP_IPV4_ROUTE,
                    RTNLGRP_IPV6_ROUTE, RTNLGRP_IPV4_NETCONF, RTNLGRP_IPV6_NETCONF, RTNLGRP_IPV6_IFINFO});
}

Result<Watch> Watch::nftables() { return subscribe(NETLINK_NETFILTER, {NFNLGRP_NFTABLES}); }

int Watch::fd() const { return mnl_socket_get_fd(socket_.get()); }

bool Watch::read(Knowledge&, Time) {
  std::array<char, 64 * 1024> discarded;
  bool any = false;
  for (int i = 0; i < kMostAtOnce; i++) {
    // ENOBUFS: some were lost, which is as good as having read them
    const bool arrived = recv(fd(), discarded.data(), discarded.size(), 0) >= 0 || errno == ENOBUFS;
    if (!arrived && errno != EINTR) break;
    any |= arrived;
  }
  return any;
}

}  // namespace ipxlat

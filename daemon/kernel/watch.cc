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

void Watch::Close::operator()(mnl_socket* socket) const { mnl_socket_close(socket); }

Result<Watch::Socket> Watch::subscribe(int bus, const std::vector<int>& groups) {
  Socket socket(mnl_socket_open2(bus, SOCK_CLOEXEC | SOCK_NONBLOCK));
  bool ok = socket && mnl_socket_bind(socket.get(), 0, MNL_SOCKET_AUTOPID) == 0;
  for (int group : groups)
    ok = ok && mnl_socket_setsockopt(socket.get(), NETLINK_ADD_MEMBERSHIP, &group, sizeof group) == 0;
  if (ok) return socket;
  const int code = errno;
  return NetlinkError{code, std::string("changes of the network cannot be watched: ") +
                                (code == EPERM ? "CAP_NET_ADMIN is missing" : std::strerror(code))};
}

Result<Watch> Watch::open() {
  Watch watch;
  auto route =
      subscribe(NETLINK_ROUTE, {RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR, RTNLGRP_IPV4_ROUTE,
                                RTNLGRP_IPV6_ROUTE, RTNLGRP_IPV4_NETCONF, RTNLGRP_IPV6_NETCONF});
  if (!route) return route.error();
  auto filter = subscribe(NETLINK_NETFILTER, {NFNLGRP_NFTABLES});
  if (!filter) return filter.error();
  watch.sockets_.push_back(std::move(*route));
  watch.sockets_.push_back(std::move(*filter));
  return watch;
}

std::vector<int> Watch::fds() const {
  std::vector<int> all;
  for (const auto& socket : sockets_) all.push_back(mnl_socket_get_fd(socket.get()));
  return all;
}

bool Watch::drain() {
  std::array<char, 64 * 1024> discarded;
  bool any = false;
  for (int fd : fds())
    // ENOBUFS: some were lost, which is as good as having read them
    while (recv(fd, discarded.data(), discarded.size(), 0) >= 0 || errno == ENOBUFS || errno == EINTR)
      any = true;
  return any;
}

}  // namespace ipxlat

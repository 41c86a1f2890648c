// SPDX-License-Identifier: GPL-2.0-only
#include "tests/datapath/link.h"

#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cstring>

namespace ipxlat::test {

Link::Link(std::string name)
    : name_(std::move(name)), socket_(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket") {
  index();
}

ifreq Link::request() const {
  ifreq request{};
  name_.copy(request.ifr_name, IFNAMSIZ - 1);
  return request;
}

int Link::index() const {
  ifreq interface = request();
  require(ioctl(socket_.get(), SIOCGIFINDEX, &interface), name_.c_str());
  return interface.ifr_ifindex;
}

Bytes Link::address() const {
  ifreq interface = request();
  require(ioctl(socket_.get(), SIOCGIFHWADDR, &interface), name_.c_str());
  const auto* begin = reinterpret_cast<const uint8_t*>(interface.ifr_hwaddr.sa_data);
  return {begin, begin + 6};
}

void Link::set_mtu(uint32_t mtu) {
  if (mtu == mtu_) return;
  ifreq interface = request();
  interface.ifr_mtu = static_cast<int>(mtu);
  require(ioctl(socket_.get(), SIOCSIFMTU, &interface), (name_ + ": set the MTU").c_str());
  mtu_ = mtu;
}

void Link::disable_gro() {
  ethtool_value off{ETHTOOL_SGRO, 0};
  ifreq interface = request();
  interface.ifr_data = reinterpret_cast<char*>(&off);
  require(ioctl(socket_.get(), SIOCETHTOOL, &interface), (name_ + ": switch GRO off").c_str());
}

}  // namespace ipxlat::test

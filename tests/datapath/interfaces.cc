// SPDX-License-Identifier: GPL-2.0-only
#include "tests/datapath/interfaces.h"

#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

namespace ipxlat::test {
namespace {

ifreq request_for(const std::string& name) {
  ifreq request{};
  name.copy(request.ifr_name, IFNAMSIZ - 1);
  return request;
}

}  // namespace

Interfaces::Interfaces() : socket_(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket") {}

int Interfaces::index(const std::string& name) const {
  ifreq request = request_for(name);
  return ioctl(socket_.get(), SIOCGIFINDEX, &request) < 0 ? 0 : request.ifr_ifindex;
}

bool Interfaces::set_mtu(const std::string& name, int mtu) const {
  ifreq request = request_for(name);
  request.ifr_mtu = mtu;
  return ioctl(socket_.get(), SIOCSIFMTU, &request) == 0;
}

bool Interfaces::set_up(const std::string& name, bool up) const {
  ifreq request = request_for(name);
  if (ioctl(socket_.get(), SIOCGIFFLAGS, &request) < 0) return false;
  int flags = up ? request.ifr_flags | IFF_UP : request.ifr_flags & ~IFF_UP;
  request.ifr_flags = static_cast<short>(flags);
  return ioctl(socket_.get(), SIOCSIFFLAGS, &request) == 0;
}

bool Interfaces::set_offload(const std::string& name, unsigned command, bool on) const {
  ethtool_value value{command, on};
  ifreq request = request_for(name);
  request.ifr_data = reinterpret_cast<char*>(&value);
  return ioctl(socket_.get(), SIOCETHTOOL, &request) == 0;
}

}  // namespace ipxlat::test

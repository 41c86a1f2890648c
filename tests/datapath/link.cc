// SPDX-License-Identifier: GPL-2.0-only
#include "tests/datapath/link.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <chrono>

namespace ipxlat::test {
namespace {

ifreq request_for(const std::string& name) {
  ifreq request{};
  name.copy(request.ifr_name, IFNAMSIZ - 1);
  return request;
}

void demand(bool done, const std::string& what) { require(done ? 0 : -1, what.c_str()); }

}  // namespace

Interfaces::Interfaces() : socket_(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket") {}

int Interfaces::index(const std::string& name) const {
  ifreq request = request_for(name);
  return ioctl(socket_.get(), SIOCGIFINDEX, &request) < 0 ? 0 : request.ifr_ifindex;
}

Bytes Interfaces::address(const std::string& name) const {
  ifreq request = request_for(name);
  if (ioctl(socket_.get(), SIOCGIFHWADDR, &request) < 0) return {};
  const auto* begin = reinterpret_cast<const uint8_t*>(request.ifr_hwaddr.sa_data);
  return {begin, begin + ETH_ALEN};
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

Link::Link(std::string name) : name_(std::move(name)) { index(); }

int Link::index() const {
  int index = all_.index(name_);
  demand(index, name_);
  return index;
}

Bytes Link::address() const {
  Bytes address = all_.address(name_);
  demand(!address.empty(), name_);
  return address;
}

void Link::set_mtu(uint32_t mtu) {
  if (mtu == mtu_) return;
  demand(all_.set_mtu(name_, static_cast<int>(mtu)), name_ + ": set the MTU");
  mtu_ = mtu;
}

void Link::disable_gro() { demand(all_.set_offload(name_, ETHTOOL_SGRO, false), name_ + ": switch GRO off"); }

FileDescriptor open_tun(const std::string& name, int flags) {
  FileDescriptor fd(open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK), "/dev/net/tun");
  ifreq request = request_for(name);
  request.ifr_flags = static_cast<short>(flags);
  demand(ioctl(fd.get(), TUNSETIFF, &request) == 0, name);
  return fd;
}

Bytes ethernet_header(const Bytes& destination, Family family) {
  Bytes header = destination;
  append(header, {0x02, 0, 0, 0, 0, 0x02, 0, 0});
  put16(header, 12, ether_type(family));
  return header;
}

uint16_t ether_type(Family family) { return family == Family::kIpv4 ? ETH_P_IP : ETH_P_IPV6; }

Capture::Capture(const Link& link, Direction direction)
    : socket_(socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), "packet socket"),
      direction_(direction) {
  int ignore = direction == Direction::kReceived;
  require(setsockopt(socket_.get(), SOL_PACKET, PACKET_IGNORE_OUTGOING, &ignore, sizeof ignore),
          "PACKET_IGNORE_OUTGOING");
  int room = 4 << 20;
  require(setsockopt(socket_.get(), SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room), "SO_RCVBUFFORCE");
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_protocol = htons(ETH_P_ALL);
  address.sll_ifindex = link.index();
  require(bind(socket_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), "bind");
}

std::optional<Bytes> Capture::next(int milliseconds) {
  auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(milliseconds);
  for (;;) {
    sockaddr_ll from{};
    socklen_t length = sizeof from;
    ssize_t size =
        recvfrom(socket_.get(), room_.data(), room_.size(), 0, reinterpret_cast<sockaddr*>(&from), &length);
    if (size >= 0) {
      if ((from.sll_pkttype == PACKET_OUTGOING) == (direction_ == Direction::kSent))
        return Bytes(room_.begin(), room_.begin() + size);
      continue;
    }
    if (errno != EAGAIN) require(size, "read from the packet socket");
    if (milliseconds == 0) return {};
    auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    if (left.count() <= 0) return {};
    pollfd wanted{socket_.get(), POLLIN, 0};
    require(poll(&wanted, 1, static_cast<int>(left.count()) + 1), "poll");
  }
}

}  // namespace ipxlat::test

// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/discovery/router_socket.h"

#include <net/if.h>
#include <netinet/icmp6.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include "lib/networks.h"

namespace ipxlat {
namespace {

// of whoever is on the link, and not from beyond a router (RFC 4861 section 3.1)
constexpr int kHops = 255;

NetlinkError failure(const std::string& what) {
  const int code = errno;
  return {code, what + ": " + (code == EPERM ? "CAP_NET_RAW is missing" : std::strerror(code))};
}

bool set(int socket, int level, int name, int value) {
  return setsockopt(socket, level, name, &value, sizeof value) == 0;
}

// What the kernel says of a message beside its bytes.
struct Arrival {
  uint32_t ifindex = 0;
  int hops = 0;
};

Arrival arrival_of(msghdr& message) {
  Arrival arrival;
  for (cmsghdr* one = CMSG_FIRSTHDR(&message); one; one = CMSG_NXTHDR(&message, one)) {
    if (one->cmsg_level != IPPROTO_IPV6) continue;
    if (one->cmsg_type == IPV6_PKTINFO) {
      in6_pktinfo info;
      std::memcpy(&info, CMSG_DATA(one), sizeof info);
      arrival.ifindex = info.ipi6_ifindex;
    }
    if (one->cmsg_type == IPV6_HOPLIMIT) std::memcpy(&arrival.hops, CMSG_DATA(one), sizeof arrival.hops);
  }
  return arrival;
}

}  // namespace

Result<RouterSocket> RouterSocket::open() {
  const int epoll = epoll_create1(EPOLL_CLOEXEC);
  if (epoll < 0) return failure("routers cannot be listened to");
  return RouterSocket(epoll);
}

RouterSocket::RouterSocket(RouterSocket&& other) noexcept
    : epoll_(std::exchange(other.epoll_, -1)), socket_(std::exchange(other.socket_, -1)) {}

RouterSocket::~RouterSocket() {
  if (socket_ >= 0) close(socket_);
  if (epoll_ >= 0) close(epoll_);
}

Result<void> RouterSocket::listen(bool wanted) {
  if (wanted == (socket_ >= 0)) return {};
  if (!wanted) {
    close(std::exchange(socket_, -1));
    return {};
  }
  const int raw = socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_ICMPV6);
  icmp6_filter filter;
  ICMP6_FILTER_SETBLOCKALL(&filter);
  ICMP6_FILTER_SETPASS(ND_ROUTER_ADVERT, &filter);
  epoll_event readable{EPOLLIN, {}};
  if (raw >= 0 && setsockopt(raw, IPPROTO_ICMPV6, ICMP6_FILTER, &filter, sizeof filter) == 0 &&
      set(raw, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1) && set(raw, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1) &&
      set(raw, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, kHops) &&
      epoll_ctl(epoll_, EPOLL_CTL_ADD, raw, &readable) == 0) {
    socket_ = raw;
    return {};
  }
  const auto error = failure("routers cannot be listened to");
  if (raw >= 0) close(raw);
  return error;
}

std::optional<Advertisement> RouterSocket::receive() {
  std::array<uint8_t, 16 * 1024> bytes;  // they are in one piece (RFC 6980)
  alignas(cmsghdr) std::array<char, 256> beside;
  while (socket_ >= 0) {
    sockaddr_in6 router{};
    iovec piece{bytes.data(), bytes.size()};
    msghdr message{};
    message.msg_name = &router;
    message.msg_namelen = sizeof router;
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    message.msg_control = beside.data();
    message.msg_controllen = beside.size();
    const ssize_t length = recvmsg(socket_, &message, 0);
    if (length < 0 && errno == EINTR) continue;
    if (length < 0) return std::nullopt;
    const Arrival arrival = arrival_of(message);
    Advertisement advertisement{arrival.ifindex, router.sin6_addr, {}};
    if (!(message.msg_flags & MSG_TRUNC) && arrival.hops == kHops && IN6_IS_ADDR_LINKLOCAL(&router.sin6_addr))
      advertisement.options = read_advertised_options({bytes.data(), static_cast<size_t>(length)});
    return advertisement;
  }
  return std::nullopt;
}

Result<void> RouterSocket::solicit(uint32_t ifindex) {
  nd_router_solicit solicitation{};  // the kernel adds the checksum
  solicitation.nd_rs_type = ND_ROUTER_SOLICIT;
  sockaddr_in6 routers{};
  routers.sin6_family = AF_INET6;
  routers.sin6_addr = parse_address6("ff02::2");
  routers.sin6_scope_id = ifindex;
  if (sendto(socket_, &solicitation, sizeof solicitation, 0, reinterpret_cast<const sockaddr*>(&routers),
             sizeof routers) == sizeof solicitation)
    return {};
  return failure("routers cannot be asked to advertise");
}

}  // namespace ipxlat

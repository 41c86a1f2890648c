// SPDX-License-Identifier: GPL-2.0-only
// Hears what routers advertise on the links of this network namespace, and asks them to (RFC 4861 sections
// 6.1.2, 6.3.7): a raw socket of ICMPv6 that lets advertisements in and nothing else. The kernel would hand
// on their options (RTM_NEWNDUSEROPT), but not where a network manager reads advertisements in its place
// (accept_ra 0).
#ifndef IPXLAT_DAEMON_DISCOVERY_ROUTER_SOCKET_H
#define IPXLAT_DAEMON_DISCOVERY_ROUTER_SOCKET_H

#include <netinet/in.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "daemon/discovery/advertised_options.h"
#include "lib/result.h"

namespace ipxlat {

struct Advertisement {
  uint32_t ifindex = 0;
  in6_addr router{};  // its link-local address
  std::vector<AdvertisedOption> options;
};

class RouterSocket {
 public:
  static Result<RouterSocket> open();
  RouterSocket(RouterSocket&& other) noexcept;
  RouterSocket(const RouterSocket&) = delete;
  RouterSocket& operator=(RouterSocket&&) = delete;
  RouterSocket& operator=(const RouterSocket&) = delete;
  ~RouterSocket();

  // Readable when something has arrived; the same for the object's life.
  int fd() const { return epoll_; }

  // From the beginning it does not. The error is a sentence; it needs CAP_NET_RAW.
  Result<void> listen(bool wanted);

  // The next one that has arrived; without options if it is not valid (RFC 4861 section 6.1.2). Empty when
  // there is no more.
  std::optional<Advertisement> receive();

  // From an address of interface `ifindex`, which it must have. While it listens. The error is a sentence.
  Result<void> solicit(uint32_t ifindex);

 private:
  explicit RouterSocket(int epoll) : epoll_(epoll) {}

  int epoll_;
  int socket_ = -1;
};

}  // namespace ipxlat

#endif

// SPDX-License-Identifier: GPL-2.0-only
// What a router advertisement says that the kernel leaves to others (RTM_NEWNDUSEROPT of
// <linux/rtnetlink.h>): one message for each option, from links whose advertisements the kernel itself reads.
#ifndef IPXLAT_DAEMON_DISCOVERY_ANNOUNCEMENT_H
#define IPXLAT_DAEMON_DISCOVERY_ANNOUNCEMENT_H

#include <netinet/in.h>

#include <cstdint>
#include <optional>
#include <variant>

#include "daemon/discovery/pref64_option.h"
#include "daemon/discovery/resolver_option.h"

struct nlmsghdr;

namespace ipxlat {

struct Announcement {
  uint32_t ifindex = 0;
  in6_addr router{};  // its link-local address
  std::variant<Pref64Option, ResolverOption> option;
};

// `message` is whole. Empty if it is of another kind, announces something else, or is malformed.
std::optional<Announcement> read_announcement(const nlmsghdr* message);

}  // namespace ipxlat

#endif

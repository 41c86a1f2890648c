// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/discovery/announcement.h"

#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <netinet/icmp6.h>

#include <cstring>
#include <span>

#include "lib/mnl_attributes.h"

namespace ipxlat {

namespace {

std::optional<std::variant<Pref64Option, ResolverOption>> read_option(std::span<const uint8_t> option) {
  if (const auto pref64 = read_pref64_option(option)) return *pref64;
  if (const auto resolvers = read_resolver_option(option)) return *resolvers;
  return std::nullopt;
}

}  // namespace

std::optional<Announcement> read_announcement(const nlmsghdr* message) {
  if (message->nlmsg_type != RTM_NEWNDUSEROPT) return std::nullopt;
  const size_t bytes = mnl_nlmsg_get_payload_len(message);
  nduseroptmsg header;
  if (bytes < sizeof header) return std::nullopt;
  const auto* payload = static_cast<const uint8_t*>(mnl_nlmsg_get_payload(message));
  std::memcpy(&header, payload, sizeof header);
  const bool advertisement = header.nduseropt_family == AF_INET6 &&
                             header.nduseropt_icmp_type == ND_ROUTER_ADVERT &&
                             header.nduseropt_icmp_code == 0;
  if (!advertisement || header.nduseropt_ifindex <= 0) return std::nullopt;
  if (header.nduseropt_opts_len > bytes - sizeof header) return std::nullopt;
  const auto option = read_option({payload + sizeof header, header.nduseropt_opts_len});
  if (!option) return std::nullopt;
  const auto attributes =
      mnl_attributes<NDUSEROPT_SRCADDR>(message, sizeof header + header.nduseropt_opts_len);
  const nlattr* router = attributes[NDUSEROPT_SRCADDR];
  if (!router || mnl_attr_get_payload_len(router) != sizeof(in6_addr)) return std::nullopt;
  Announcement announcement{static_cast<uint32_t>(header.nduseropt_ifindex), {}, *option};
  std::memcpy(&announcement.router, mnl_attr_get_payload(router), sizeof announcement.router);
  return announcement;
}

}  // namespace ipxlat

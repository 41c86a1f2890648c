// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/kernel/route_memory.h"

#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <netlink/msg.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <unordered_map>

#include "lib/mnl_attributes.h"
#include "lib/owner.h"

namespace ipxlat {
namespace {

constexpr int kRoom = 4 << 20;  // bytes of news that may wait

struct Hop {
  uint32_t link;
  std::optional<Prefix6> gateway;
};

// As much of a route message as matters.
struct Message {
  SeenRoute route;
  uint8_t protocol;
  std::vector<Hop> hops;
};

template <class Prefix>
Prefix prefix_of(const nlattr* address, uint8_t length) {
  Prefix prefix{{}, length};
  if (address && mnl_attr_get_payload_len(address) == sizeof prefix.address)
    std::memcpy(&prefix.address, mnl_attr_get_payload(address), sizeof prefix.address);
  return prefix;
}

Network network_of(uint8_t family, const nlattr* address, uint8_t length) {
  if (family == AF_INET) return prefix_of<Prefix4>(address, length);
  return prefix_of<Prefix6>(address, length);
}

RouteType type_of(uint8_t type) {
  switch (type) {
    case RTN_UNICAST:
      return RouteType::kUnicast;
    case RTN_BLACKHOLE:
      return RouteType::kBlackhole;
    case RTN_UNREACHABLE:
      return RouteType::kUnreachable;
    default:
      return RouteType::kOther;
  }
}

// IPv4 routes are not asked for theirs.
std::optional<Prefix6> gateway_of(const nlattr* address) {
  if (!address || mnl_attr_get_payload_len(address) != sizeof(in6_addr)) return std::nullopt;
  return prefix_of<Prefix6>(address, 128);
}

std::vector<Hop> hops_in(const nlattr* hops) {
  std::vector<Hop> all;
  const auto* hop = static_cast<const rtnexthop*>(mnl_attr_get_payload(hops));
  size_t left = mnl_attr_get_payload_len(hops);
  while (left >= sizeof *hop && hop->rtnh_len >= sizeof *hop && hop->rtnh_len <= left) {
    const auto inner = mnl_attributes_in<RTA_MAX>(RTNH_DATA(hop), hop->rtnh_len - sizeof *hop);
    all.push_back({static_cast<uint32_t>(hop->rtnh_ifindex), gateway_of(inner[RTA_GATEWAY])});
    left -= std::min<size_t>(left, RTNH_ALIGN(hop->rtnh_len));
    hop = RTNH_NEXT(hop);
  }
  return all;
}

// nullopt: it is none of the main table, or nobody's interest.
std::optional<Message> parse(const nlmsghdr* header, const std::optional<Interests>& interests) {
  if (mnl_nlmsg_get_payload_len(header) < sizeof(rtmsg)) return std::nullopt;
  const auto* fixed = static_cast<const rtmsg*>(mnl_nlmsg_get_payload(header));
  if (fixed->rtm_family != AF_INET && fixed->rtm_family != AF_INET6) return std::nullopt;
  if (fixed->rtm_table != RT_TABLE_MAIN || fixed->rtm_flags & RTM_F_CLONED) return std::nullopt;
  const auto all = mnl_attributes<RTA_MAX>(header, sizeof *fixed);
  Message message{{}, fixed->rtm_protocol, {}};
  SeenRoute& route = message.route;
  route.destination = network_of(fixed->rtm_family, all[RTA_DST], fixed->rtm_dst_len);
  route.ours = fixed->rtm_protocol == kProtocol;
  route.from_ra = fixed->rtm_protocol == RTPROT_RA;
  if (interests && !route.ours && !route.from_ra && !interests->touch(route.destination)) return std::nullopt;
  route.type = type_of(fixed->rtm_type);
  if (all[RTA_PREFSRC] && fixed->rtm_family == AF_INET)
    route.preferred_source = prefix_of<Prefix4>(all[RTA_PREFSRC], 32);
  if (all[RTA_SRC]) route.source = prefix_of<Prefix6>(all[RTA_SRC], fixed->rtm_src_len);
  if (all[RTA_PRIORITY]) route.metric = mnl_attr_get_u32(all[RTA_PRIORITY]);
  if (const nlattr* mtu = mnl_nested<RTAX_MAX>(all[RTA_METRICS])[RTAX_MTU]) route.mtu = mnl_attr_get_u32(mtu);
  if (route.type != RouteType::kUnicast) return message;
  if (all[RTA_MULTIPATH]) message.hops = hops_in(all[RTA_MULTIPATH]);
  if (all[RTA_OIF]) message.hops.push_back({mnl_attr_get_u32(all[RTA_OIF]), gateway_of(all[RTA_GATEWAY])});
  return message;
}

bool same(const SeenLink& a, const SeenLink& b) {
  return a.ifindex == b.ifindex && a.name == b.name && a.up == b.up && a.carrier == b.carrier;
}

bool same(const SeenAddress& a, const SeenAddress& b) { return a.link == b.link && a.network == b.network; }

template <class T>
bool same(const std::vector<T>& a, const std::vector<T>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const T& x, const T& y) { return same(x, y); });
}

}  // namespace

void RouteMemory::Close::operator()(mnl_socket* socket) const { mnl_socket_close(socket); }

// Without it everything is read each time.
void RouteMemory::listen() {
  if (news_) return;
  news_.reset(mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC | SOCK_NONBLOCK));
  bool ok = news_ && mnl_socket_bind(news_.get(), 0, MNL_SOCKET_AUTOPID) == 0;
  for (int group : {RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV6_ROUTE})
    ok = ok && mnl_socket_setsockopt(news_.get(), NETLINK_ADD_MEMBERSHIP, &group, sizeof group) == 0;
  if (!ok) return news_.reset();
  setsockopt(mnl_socket_get_fd(news_.get()), SOL_SOCKET, SO_RCVBUFFORCE, &kRoom, sizeof kRoom);
}

bool RouteMemory::heard(const std::optional<Interests>& interests) {
  std::array<char, 64 * 1024> buffer;
  bool any = false;
  for (;;) {
    const ssize_t length = recv(mnl_socket_get_fd(news_.get()), buffer.data(), buffer.size(), 0);
    if (length < 0 && errno == EINTR) continue;
    // ENOBUFS: some were lost
    if (length < 0 && errno != EAGAIN) any = true;
    if (length < 0 && errno != ENOBUFS) return any;
    int left = static_cast<int>(length);
    for (auto* message = reinterpret_cast<const nlmsghdr*>(buffer.data()); mnl_nlmsg_ok(message, left);
         message = mnl_nlmsg_next(message, &left))
      any = any || parse(message, interests);
  }
}

Result<std::vector<SeenRoute>> RouteMemory::read(RtnlSocket& socket, const Seen& seen,
                                                 const std::optional<Interests>& interests) {
  listen();
  // before the routes are read, so that nothing falls between
  const bool news = !news_ || heard(interests);
  // IPv4 routes go without a word with their interface or their source address
  if (known_ && !news && known_->interests == interests && same(known_->links, seen.links) &&
      same(known_->addresses, seen.addresses))
    return known_->routes;
  known_.reset();
  std::unordered_map<uint32_t, std::string> names;
  for (const auto& link : seen.links) names[link.ifindex] = link.name;
  std::vector<SeenRoute> routes;
  rtmsg header{};
  dumps_++;
  auto done = socket.dump(RTM_GETROUTE, &header, sizeof header, [&](nl_msg* raw) {
    const auto message = parse(nlmsg_hdr(raw), interests);
    if (!message) return;
    routes.push_back(message->route);
    for (size_t i = 0; i < message->hops.size(); i++) {
      if (i > 0) routes.push_back(message->route);
      routes.back().link = names[message->hops[i].link];
      routes.back().gateway = message->hops[i].gateway;
    }
  });
  if (!done) return done.error();
  known_ = Known{routes, seen.links, seen.addresses, interests};
  return routes;
}

}  // namespace ipxlat

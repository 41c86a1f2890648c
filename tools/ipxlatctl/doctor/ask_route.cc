// SPDX-License-Identifier: GPL-2.0-only
// The kernel is asked for one route, however many it has.
#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <net/if.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "lib/attributes.h"
#include "tools/ipxlatctl/doctor/observe.h"

namespace ipxlat::ctl::doctor {
namespace {

const char* type_name(uint8_t type) {
  switch (type) {
    case RTN_UNICAST:
      return "unicast";
    case RTN_LOCAL:
      return "local";
    case RTN_BROADCAST:
      return "broadcast";
    case RTN_BLACKHOLE:
      return "blackhole";
    case RTN_UNREACHABLE:
      return "unreachable";
    case RTN_PROHIBIT:
      return "prohibit";
    default:
      return "other";
  }
}

// The address in an attribute, which has one of the family of `network`.
void read_address(const Attribute& attribute, Network& network) {
  if (auto* four = std::get_if<Prefix4>(&network))
    four->address = attribute.as<in_addr>();
  else
    std::get<Prefix6>(network).address = attribute.as<in6_addr>();
}

RouteAnswer read_route(const nlmsghdr* message) {
  constexpr size_t kHead = NLMSG_HDRLEN + NLMSG_ALIGN(sizeof(rtmsg));
  const auto* header = static_cast<const rtmsg*>(mnl_nlmsg_get_payload(message));
  RouteAnswer route{type_name(header->rtm_type), "", Prefix4{{}, header->rtm_dst_len}, 0};
  if (header->rtm_family == AF_INET6) route.destination = Prefix6{{}, header->rtm_dst_len};
  const auto* bytes = reinterpret_cast<const uint8_t*>(message);
  auto attributes = parse_attributes(std::span(bytes + kHead, message->nlmsg_len - kHead));
  if (const auto* destination = find_attribute(attributes, RTA_DST))
    read_address(*destination, route.destination);
  if (const auto* metric = find_attribute(attributes, RTA_PRIORITY)) route.metric = metric->as<uint32_t>();
  char name[IF_NAMESIZE] = "";
  const auto* link = find_attribute(attributes, RTA_OIF);
  if (link && if_indextoname(link->as<uint32_t>(), name)) route.link = name;
  return route;
}

int take_route(const nlmsghdr* message, void* into) {
  *static_cast<RouteAnswer*>(into) = read_route(message);
  return MNL_CB_STOP;
}

}  // namespace

Result<RouteAnswer> ask_route(const Network& network) {
  char buffer[8192];
  nlmsghdr* request = mnl_nlmsg_put_header(buffer);
  request->nlmsg_type = RTM_GETROUTE;
  request->nlmsg_flags = NLM_F_REQUEST;
  auto* header = static_cast<rtmsg*>(mnl_nlmsg_put_extra_header(request, sizeof(rtmsg)));
  header->rtm_family = is_ipv6(network) ? AF_INET6 : AF_INET;
  header->rtm_flags = RTM_F_LOOKUP_TABLE | RTM_F_FIB_MATCH;
  std::visit(
      [&](const auto& prefix) {
        header->rtm_dst_len = sizeof prefix.address * 8;
        mnl_attr_put(request, RTA_DST, sizeof prefix.address, &prefix.address);
      },
      network);
  const auto close = [](mnl_socket* socket) { mnl_socket_close(socket); };
  std::unique_ptr<mnl_socket, decltype(close)> socket(mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC), close);
  ssize_t length = -1;
  if (socket && mnl_socket_bind(socket.get(), 0, MNL_SOCKET_AUTOPID) == 0 &&
      mnl_socket_sendto(socket.get(), request, request->nlmsg_len) > 0)
    length = mnl_socket_recvfrom(socket.get(), buffer, sizeof buffer);
  RouteAnswer route{"none", "", {}, 0};
  if (length > 0 && mnl_cb_run(buffer, static_cast<size_t>(length), 0, 0, take_route, &route) >= 0)
    return route;
  const int code = errno;
  switch (code) {
    case ENETUNREACH:
    case ESRCH:
      return route;
    case EHOSTUNREACH:
      route.type = "unreachable";
      return route;
    case EINVAL:
      route.type = "blackhole";
      return route;
    case EACCES:
      route.type = "prohibit";
      return route;
    default:
      return NetlinkError{code, std::string("routes cannot be read: ") + std::strerror(code)};
  }
}

}  // namespace ipxlat::ctl::doctor
